/**
 * Precision of hand-labelled claims by section and by language, of each round.
 *
 *   node --conditions=source eval/analysis/score-claims.ts FILE… > summary.md
 *
 * A line of a file: `{"id", "repository", "language", "section", "text", "evidence": ["path:start-end"], "verdict": "right" | "wrong", "why"}`.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

interface Label {
  readonly id: string;
  readonly language: string;
  readonly section: string;
  readonly verdict: 'right' | 'wrong';
}

const read = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Label);

function table(labels: readonly Label[], by: 'section' | 'language'): string[] {
  const names = [...new Set(labels.map((label) => label[by]))].sort();
  return names.map((name) => {
    const some = labels.filter((label) => label[by] === name);
    const right = some.filter(({ verdict }) => verdict === 'right').length;
    return `| ${name} | ${some.length} | ${some.length - right} | ${(right / some.length).toFixed(3)} |`;
  });
}

const out: string[] = [];
for (const file of process.argv.slice(2)) {
  const labels = read(file);
  const right = labels.filter(({ verdict }) => verdict === 'right').length;
  out.push(
    `## ${basename(file, '.jsonl')}: ${labels.length} claims, precision ${(right / labels.length).toFixed(3)}`,
    '',
    '| | claims | wrong | precision |',
    '|---|--:|--:|--:|',
    ...table(labels, 'section'),
    ...table(labels, 'language'),
    '',
  );
}
process.stdout.write(`${out.join('\n')}\n`);
