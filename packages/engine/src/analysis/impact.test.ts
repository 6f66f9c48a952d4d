import { describe, expect, it } from 'vitest';
import type { CodeGraph } from '../model/code-graph.ts';
import { fileKindOf } from '../model/file-kind.ts';
import { impactOf } from './impact.ts';
import { findTarget } from './name-target.ts';
import { graphOf } from './testing/graph-of.ts';
import { testsToRun } from './tests-to-run.ts';

/** `depth kind symbol path:line <- way`, `~` where not exact; then unresolved sites. */
async function impact(graph: CodeGraph, name: string, depth = 5): Promise<string> {
  const { dependents, unresolved, isCut } = await impactOf(graph, findTarget(graph, { name }).targets, {
    depth,
    wholeFiles: true,
  });
  const lines = [
    ...dependents.map(
      (one) =>
        `${one.depth} ${one.kind}${one.resolution === 'exact' ? '' : '~'} ${one.symbol} ${one.path}:${one.line} <- ${one.through.join(' <- ')}`,
    ),
    ...unresolved.map(({ callee, path, line }) => `? ${callee} ${path}:${line}`),
    ...(isCut ? ['cut'] : []),
  ];
  return `\n${lines.join('\n')}\n`;
}

const FILES = {
  'store.ts': 'export class Store {\n  write(item: string) { return item }\n}\n',
  'disk.ts': [
    "import { Store } from './store.ts'",
    'export class Disk extends Store {',
    '  override write(item: string) { return super.write(item) }',
    '}',
  ].join('\n'),
  'save.ts': [
    "import { Store } from './store.ts'",
    'export function save(store: Store) { store.write("a") }',
    'export function each(items: any[]) { items.forEach(() => save(new Store())) }',
  ].join('\n'),
  'save.test.ts': "import { each } from './save.ts'\nit('saves', () => each([]))\n",
  'other.test.ts': "it('x', () => anything().write('b'))\n",
};

const EDGES = [
  'inherits disk.Disk -> store.Store disk.ts:2',
  'overrides disk.Disk.write -> store.Store.write disk.ts:3',
  'imports disk -> store.Store disk.ts:1',
  'imports save -> store.Store save.ts:1',
];

describe('impact', () => {
  it('goes back over calls, overriding and functions without a name, with the way', async () => {
    const graph = await graphOf(FILES, EDGES);
    expect(await impact(graph, 'Store.write')).toBe(`
1 calls disk.Disk.write disk.ts:3 <- store.Store.write
1 calls save.save save.ts:2 <- store.Store.write
2 calls save.each save.ts:3 <- save.save <- store.Store.write
3 calls save.test save.test.ts:2 <- save.each <- save.save <- store.Store.write
? anything().write other.test.ts:1
`);
  });

  it('counts callers of the base as dependents of what overrides it, never as exact', async () => {
    const graph = await graphOf(FILES, EDGES);
    expect(await impact(graph, 'Disk.write', 1)).toBe(`
1 calls~ save.save save.ts:2 <- disk.Disk.write
? anything().write other.test.ts:1
`);
  });

  it('takes a class with its members, and a file with all it defines', async () => {
    const graph = await graphOf(FILES, EDGES);
    const direct = ['disk.Disk.write', 'save.save', 'save', 'disk.Disk'];
    for (const name of ['store.ts', 'store.Store.write'])
      expect(await impact(graph, name, 1)).toContain('disk.Disk.write');
    const { dependents, exactShare } = await impactOf(
      graph,
      findTarget(graph, { name: 'store.ts' }).targets,
      {
        depth: 1,
        wholeFiles: true,
      },
    );
    expect(dependents.map(({ symbol }) => symbol)).toEqual(expect.arrayContaining(direct.slice(0, 2)));
    expect(exactShare).toBeGreaterThan(0);
  });

  it('ends in cycles', async () => {
    const graph = await graphOf({
      'a.py': 'import b\ndef a():\n    b.b()\n',
      'b.py': 'import a\ndef b():\n    a.a()\n',
    });
    expect(await impact(graph, 'a.a', 10)).toBe('\n1 calls b.b b.py:3 <- a.a\n');
  });
});

describe('tests to run', () => {
  const conventions = {
    namedAfter: (path: string) => (path === 'store.ts' ? ['store.test.ts'] : []),
    changedTogether: (path: string) => (path === 'store.ts' ? [{ path: 'slow.test.ts', share: 0.5 }] : []),
    isRun: (path: string) => fileKindOf(path) === 'test',
  };

  it('are those that reach the change, nearest first, then those by name and by history, said as such', async () => {
    const graph = await graphOf(FILES, EDGES);
    const { targets } = findTarget(graph, { name: 'Store.write' });
    const { dependents } = await impactOf(graph, targets, { depth: 5, wholeFiles: true });
    const tests = testsToRun(graph, targets, dependents, ['store.ts'], conventions);
    expect(tests.map(({ path, found, depth, because }) => `${found} ${depth} ${path}: ${because}`)).toEqual([
      'graph 3 save.test.ts: store.Store.write',
      'name undefined store.test.ts: named after store.ts',
      'history undefined slow.test.ts: changed with store.ts in 50 % of its commits',
    ]);
  });
});
