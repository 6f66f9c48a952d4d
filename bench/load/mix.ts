/**
 * What agents ask, drawn by a fixed seed from the repositories themselves: every reading operation, in shares of a session
 * (mostly search, some reading of relations, now and then a report).
 */
import type { Workspace } from '@conexus/engine';
import { randomFrom } from '../support/numbers.ts';
import { takeQueries } from '../support/queries.ts';
import type { Call } from './servers.ts';

/** Of a hundred calls. */
const SHARES = {
  search_codebase: 46,
  locate_relevant_files: 14,
  grep: 12,
  find_references: 10,
  index_control: 6,
  status: 4,
  analyze_implementation: 3,
  get_related_info: 2,
  impact: 2,
  repositories: 1,
} as const;
type Name = keyof typeof SHARES;

/** A repository that is asked: its name on the server, and its index. */
export interface Asked {
  readonly repo: string;
  readonly workspace: Workspace;
}

/** Operations that ask the graph of the code or past commits. */
const OF_GRAPH: ReadonlySet<string> = new Set([
  'find_references',
  'analyze_implementation',
  'get_related_info',
  'impact',
]);

/** `count` calls of the mix in an order by the seed: of the graph and of history to one repository, all others to the other. */
export async function takeMix(main: Asked, graph: Asked, count: number, seed: number): Promise<Call[]> {
  const random = randomFrom(seed);
  const { words, symbol, report, path } = await takeQueries(main.workspace, Math.ceil(count / 4), seed);
  const named = (await takeQueries(graph.workspace, Math.ceil(count / 8), seed)).symbol;
  const files = (await graph.workspace.files({ limit: 1e9 })).filter(({ kind }) => kind === 'code');
  const of = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const last = (name: string) => name.split('.').at(-1) ?? '';
  const make: Readonly<Record<Name, () => Record<string, unknown>>> = {
    search_codebase: () => ({ query: of(of([words, words, symbol, path])) }),
    locate_relevant_files: () => ({ task: of(of([words, report])) }),
    grep: () => ({ pattern: last(of(symbol)), limit: 50 }),
    find_references: () => ({
      name: last(of(named)),
      relation: of(['callers', 'callees', 'references', 'definition']),
    }),
    index_control: () => ({ action: 'status' }),
    status: () => ({}),
    analyze_implementation: () => ({ target: last(of(named)) }),
    get_related_info: () => ({ target: of(files).path }),
    impact: () => ({ target: last(of(named)), depth: 2 }),
    repositories: () => ({}),
  };
  const names = (Object.keys(SHARES) as Name[]).flatMap((each) => Array<Name>(SHARES[each]).fill(each));
  return Array.from({ length: count }, () => {
    const name = of(names);
    const { repo } = OF_GRAPH.has(name) ? graph : main;
    return { name, arguments: name === 'repositories' ? {} : { ...make[name](), repo } };
  });
}

/** Questions in words alone, which words and meaning answer together. */
export async function takeHybrid({ workspace, repo }: Asked, count: number): Promise<Call[]> {
  const { words } = await takeQueries(workspace, count, 5);
  return words.map((query) => ({ name: 'search_codebase', arguments: { query, repo } }));
}

/** Calls that take far longer than a search. */
export async function takeHeavy({ workspace, repo }: Asked): Promise<Call[]> {
  const { report, words } = await takeQueries(workspace, 60, 9);
  const files = await workspace.files({ limit: 1e9 });
  const largest = files.filter(({ kind }) => kind === 'code').sort((a, b) => b.bytes - a.bytes);
  const text = report.join('\n').repeat(4).slice(0, 100_000);
  const [first, second] = largest.map(({ path }) => path);
  return [
    { name: 'locate_relevant_files', arguments: { task: text, limit: 50, repo } },
    { name: 'grep', arguments: { pattern: '.', regex: true, limit: 10_000, repo } },
    { name: 'analyze_implementation', arguments: { target: words[0], repo } },
    { name: 'impact', arguments: { target: first, depth: 10, repo } },
    { name: 'get_related_info', arguments: { target: second, repo } },
    { name: 'analyze_implementation', arguments: { target: first, repo } },
  ];
}
