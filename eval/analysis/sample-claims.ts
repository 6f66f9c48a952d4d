/**
 * Claims of `analyze`, drawn at random from repositories, for people to label: at most so many of each section and repository.
 *
 *   node --conditions=source eval/analysis/sample-claims.ts --root DIR [--root DIR …] [--each 4] [--more SECTION=N …] [--seed 1] --out FILE [--skip FILE]
 *
 * Writes one line of JSON a claim: `{"id", "repository", "section", "target", "text", "evidence", "code"}`; `code` has the cited lines. `--skip` names a
 * file of earlier claims that are not drawn again; `--more` gives a section a number of its own. Definitions are drawn evenly from code files that are no tests.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type {
  AnalysisAnswer,
  AnalysisSectionName,
  Claim,
  CodeGraph,
  GraphSymbol,
  Workspace,
} from '@conexus/engine';
import { openEngine } from '@conexus/engine';
import { seededRandom } from '../scoring/bootstrap.ts';

const { values } = parseArgs({
  options: {
    root: { type: 'string', multiple: true, default: [] },
    each: { type: 'string', default: '4' },
    more: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    skip: { type: 'string' },
  },
});
if (values.out === undefined) throw new Error('--out FILE is missing');

const each = Number(values.each);
const ofSection = new Map(values.more.map((one) => [one.split('=')[0], Number(one.split('=')[1])] as const));
/** Definitions analyzed of one repository. */
const maxTargets = 120;
const codeLines = 6;

function shuffled<T>(list: readonly T[], next: () => number): T[] {
  const result = [...list];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

interface Drawn {
  readonly repository: string;
  readonly section: AnalysisSectionName;
  readonly target: string;
  readonly claim: Claim;
}

async function targetsOf(workspace: Workspace, graph: CodeGraph, next: () => number): Promise<GraphSymbol[]> {
  const files = await workspace.files({ limit: 100_000 });
  const symbols = files
    .filter(({ kind, traits }) => kind === 'code' && traits.length === 0)
    .flatMap(({ path }) => graph.inFile(path))
    .filter(({ kind, start, end }) => kind !== 'module' && kind !== 'interface' && end - start >= 5);
  return shuffled(symbols, next).slice(0, maxTargets);
}

async function draw(
  root: string,
  next: () => number,
  known: ReadonlySet<string>,
): Promise<(Drawn & { code: string })[]> {
  const home = mkdtempSync(join(tmpdir(), 'conexus-claims-'));
  const engine = await openEngine({ home, embedder: 'none', workers: 1 });
  try {
    const workspace = await engine.openWorkspace(root);
    await workspace.index();
    const { graph } = await workspace.codeGraph();
    const repository = basename(root);
    const bySection = new Map<AnalysisSectionName, Drawn[]>();
    for (const { id } of await targetsOf(workspace, graph, next)) {
      const answer: AnalysisAnswer = await workspace.analyze({ target: id });
      for (const { name, claims } of answer.sections) {
        const list = bySection.get(name) ?? [];
        // Two of one definition and section at most: many definitions are to be seen.
        for (const claim of shuffled(claims, next).slice(0, 2))
          list.push({ repository, section: name, target: id, claim });
        bySection.set(name, list);
      }
    }
    const drawn = [...bySection].flatMap(([section, list]) =>
      shuffled(list, next)
        .filter(({ claim }) => !known.has(`${repository}\0${claim.text}`))
        .slice(0, ofSection.get(section) ?? each),
    );
    return Promise.all(drawn.map(async (one) => ({ ...one, code: await codeOf(workspace, one.claim) })));
  } finally {
    await engine.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function codeOf(workspace: Workspace, { evidence }: Claim): Promise<string> {
  const parts = evidence.slice(0, 4).map(async ({ path, start, end }) => {
    const { text } = await workspace.readLines(path, start, Math.min(end, start + codeLines - 1));
    return `${path}:${start}-${end}\n${text}`;
  });
  return (await Promise.all(parts)).join('\n');
}

const known = new Set<string>();
if (values.skip !== undefined)
  for (const line of readFileSync(values.skip, 'utf8').split('\n').filter(Boolean)) {
    const { repository, text } = JSON.parse(line) as { repository: string; text: string };
    known.add(`${repository}\0${text}`);
  }
const next = seededRandom(Number(values.seed));
const lines: string[] = [];
for (const root of values.root) {
  for (const { repository, section, target, claim, code } of await draw(resolve(root), next, known)) {
    const id = `${values.seed}-${lines.length + 1}`;
    lines.push(
      JSON.stringify({ id, repository, section, target, text: claim.text, evidence: claim.evidence, code }),
    );
  }
  console.error(`${root}: ${lines.length} claims so far`);
}
writeFileSync(values.out, `${lines.join('\n')}\n`);
