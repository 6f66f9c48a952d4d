/**
 * How often a question for the tests of a function leads to the file with the test that is named after it. In the same run: the same
 * words with "test" before them, which no question is, and the same with tests alone asked for by a filter.
 *
 *   node --conditions=source eval/asked-tests/measure-asked-tests.ts --root DIR [--root DIR]... --home CACHE [--each 30] [--out FILE]
 */
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openEngine, type SearchRequest, type Workspace } from '@conexus/engine';
import { randomFrom } from '../../bench/support/numbers.ts';
import { table } from '../scoring/tables.ts';
import { madeBy, provenance } from '../suite/machine.ts';
import { pairTests, type TestedFunction } from './pair-tests.ts';

const { values } = parseArgs({
  options: {
    root: { type: 'string', multiple: true, default: [] },
    home: { type: 'string' },
    each: { type: 'string', default: '30' },
    out: { type: 'string' },
  },
});

/** "createOrFirst" -> "create or first". */
const inWords = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();

const FORMS: Readonly<Record<string, (name: string) => Pick<SearchRequest, 'query' | 'filter'>>> = {
  'where are the tests for NAME': (name) => ({ query: `where are the tests for ${name}` }),
  'test NAME': (name) => ({ query: `test ${name}` }),
  'tests that check WORDS': (name) => ({ query: `tests that check ${inWords(name)}` }),
  'test WORDS': (name) => ({ query: `test ${inWords(name)}` }),
  'WORDS, of tests': (name) => ({ query: inWords(name), filter: { kinds: ['test'] } }),
};

type Ranks = Record<string, (number | undefined)[]>;

async function ranksOf(workspace: Workspace, pairs: readonly TestedFunction[]): Promise<Ranks> {
  const ranks: Ranks = {};
  for (const [form, ask] of Object.entries(FORMS)) {
    const own: (number | undefined)[] = [];
    for (const { name, test } of pairs) {
      const { hits } = await workspace.search({ ...ask(name), limit: 10, detail: 'locations' });
      const at = hits.findIndex(({ path }) => path === test);
      own.push(at < 0 ? undefined : at + 1);
    }
    ranks[form] = own;
  }
  return ranks;
}

function rowOf(name: string, ranks: Ranks): string[] {
  const count = Object.values(ranks)[0]?.length ?? 0;
  const share = (own: readonly (number | undefined)[], last: number) =>
    (own.filter((rank) => rank !== undefined && rank <= last).length / Math.max(1, own.length)).toFixed(3);
  return [name, String(count), ...Object.values(ranks).flatMap((own) => [share(own, 1), share(own, 10)])];
}

async function main(roots: readonly string[], home: string): Promise<void> {
  const engine = await openEngine({ home, adapts: false });
  const random = randomFrom(7);
  const all: Ranks = {};
  const rows: string[][] = [];
  for (const root of roots) {
    const workspace = await engine.openWorkspace(root);
    await workspace.index();
    const ranks = await ranksOf(workspace, pairTests(root, Number(values.each), random));
    for (const [form, own] of Object.entries(ranks)) all[form] = [...(all[form] ?? []), ...own];
    rows.push(rowOf(basename(root), ranks));
  }
  await engine.close();
  const head = ['repository', 'functions', ...Object.keys(FORMS).flatMap((form) => [`${form}: R@1`, 'R@10'])];
  const made = madeBy(provenance(join(import.meta.dirname, '../..')));
  const text = `# Tests asked for\n\n${made}\n\n${table(head, [...rows, rowOf('all', all)])}\n`;
  console.log(text);
  if (values.out !== undefined) writeFileSync(values.out, text);
}

if (values.root.length === 0 || values.home === undefined) {
  console.error('usage: eval/asked-tests/measure-asked-tests.ts --root DIR [--root DIR]... --home CACHE');
  process.exitCode = 2;
} else await main(values.root, values.home);
