/**
 * Writes the parts of the documents that repeat the code: the import diagram, the error table, the operations,
 * the commands, the list of decisions.
 * Usage: npm run docs. `npm run check` fails while a generated part differs from what this would write.
 * A part stands between `<!-- generated: NAME -->` and `<!-- end: NAME -->`; everything else is written by people.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_MEANING } from '@conexus/sdk/contract';
import { root } from './checks/files.ts';
import { importDiagram } from './docs/import-diagram.ts';
import { languageTable } from './docs/languages.ts';
import { metricTable } from './docs/metrics.ts';
import {
  commandsSection,
  embedderSettingsSection,
  operationsSection,
  serveSettingsSection,
  settingsSection,
} from './docs/operations.ts';

interface GeneratedPart {
  readonly file: string;
  readonly name: string;
  readonly render: () => string | Promise<string>;
}

export interface StalePart {
  readonly file: string;
  /** Whole new text of the file, undefined where the markers are missing. */
  readonly text: string | undefined;
  readonly problem: string;
}

const generatedParts: readonly GeneratedPart[] = [
  { file: 'ARCHITECTURE.md', name: 'imports', render: importDiagram },
  { file: 'docs/errors.md', name: 'codes', render: errorTable },
  { file: 'docs/adr/README.md', name: 'decisions', render: decisionTable },
  { file: 'docs/languages.md', name: 'languages', render: languageTable },
  { file: 'docs/operations.md', name: 'operations', render: operationsSection },
  { file: 'docs/commands.md', name: 'commands', render: commandsSection },
  { file: 'docs/commands.md', name: 'settings', render: settingsSection },
  { file: 'docs/guides/embedders.md', name: 'embedder-settings', render: embedderSettingsSection },
  { file: 'docs/guides/monitoring.md', name: 'metrics', render: metricTable },
  { file: 'docs/guides/serve.md', name: 'serve-settings', render: serveSettingsSection },
];

/** The generated parts that differ from what the code says now. */
export async function staleParts(): Promise<readonly StalePart[]> {
  const stale: StalePart[] = [];
  const current = new Map<string, string>();
  for (const { file, name, render } of generatedParts) {
    const path = join(root, file);
    const before = current.get(file) ?? (existsSync(path) ? readFileSync(path, 'utf8') : '');
    const text = replacePart(before, name, await render());
    current.set(file, text ?? before);
    if (text === undefined)
      stale.push({ file, text, problem: `${file}: no place for the generated part "${name}"` });
    else if (text !== before)
      stale.push({ file, text, problem: `${file}: generated part "${name}" is stale; npm run docs` });
  }
  return stale;
}

/** Puts `content` between the markers of `name`; undefined when they are missing. */
export function replacePart(text: string, name: string, content: string): string | undefined {
  const open = `<!-- generated: ${name} -->`;
  const close = `<!-- end: ${name} -->`;
  const start = text.indexOf(open);
  const end = text.indexOf(close, start + open.length);
  if (start === -1 || end === -1) return undefined;
  return `${text.slice(0, start)}${open}\n${content.trim()}\n${text.slice(end)}`;
}

function errorTable(): string {
  const rows = Object.entries(ERROR_MEANING).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return ['| Code | Meaning |', '|---|---|', ...rows].join('\n');
}

/** One row a record, from its title and its line `State: …`. */
function decisionTable(): string {
  const folder = join(root, 'docs/adr');
  const records = readdirSync(folder).filter((file) => /^\d{4}-.*\.md$/.test(file));
  const rows = records.sort().map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const [, number = '?', title = '?'] = /^# (\d{4}): (.+)$/m.exec(text) ?? [];
    const state = /^State: (.+)$/m.exec(text)?.[1] ?? '?';
    return `| [${number}](${file}) | ${title} | ${state} |`;
  });
  return ['| Number | Decision | State |', '|---|---|---|', ...rows].join('\n');
}

async function main(): Promise<void> {
  for (const part of await staleParts()) {
    console.log(part.text === undefined ? part.problem : `wrote ${part.file}`);
    if (part.text === undefined) process.exitCode = 1;
    else writeFileSync(join(root, part.file), part.text);
  }
}

if (import.meta.main) await main();
