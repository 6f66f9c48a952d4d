import { describe, expect, it } from 'vitest';
import type { CodeGraph } from '../model/code-graph.ts';
import type { Relation } from '../model/relations.ts';
import { findTarget } from './name-target.ts';
import { relationNotes } from './relation-notes.ts';
import { relationsOf } from './relations.ts';
import { graphFrom, graphOf } from './testing/graph-of.ts';

/** `depth kind far path:line`, then `? callee in holder path:line`; or what the name could mean. */
function ask(graph: CodeGraph, relation: Relation, name: string, depth = 1, path?: string): string {
  const target = findTarget(graph, { name, path });
  if (target.state !== 'found')
    return `\n${target.state}: ${target.candidates.map(({ id }) => id).join(' ')}\n`;
  const { resolved, unresolved, isCut } = relationsOf(graph, relation, target.targets, depth);
  const lines = [
    ...resolved.map((claim) => `${claim.depth} ${claim.kind} ${claim.symbol} ${claim.path}:${claim.line}`),
    ...unresolved.map((claim) => `? ${claim.callee} in ${claim.symbol} ${claim.path}:${claim.line}`),
    ...(isCut ? ['cut'] : []),
  ];
  return `\n${lines.join('\n')}\n`;
}

const SHOP = {
  'src/store.ts': [
    'export class Store {',
    '  publish(item: string) { return this.write(item) }',
    '  private write(item: string) { return item }',
    '}',
    'export function open() { return new Store() }',
  ].join('\n'),
  'src/save.ts': [
    "import { open } from './store.ts'",
    'export function save(item: string) {',
    '  open().publish(item)',
    '}',
    'export function later(handlers: any, item: string) {',
    '  handlers.find(item).publish(item)',
    '}',
  ].join('\n'),
  'src/main.ts': "import { save } from './save.ts'\nexport function main() { save('a') }\nmain()\n",
  'src/main.test.ts': "import { save } from './save.ts'\nfunction publish() {}\npublish()\nsave('b')\n",
};

describe('relations of a definition', () => {
  it('lists unresolved calls of names of Ruby that end in a mark, each under its own name', async () => {
    const graph = await graphOf({
      'a.rb': 'class A\n  def save!; end\n  def save; end\n  def saved?; end\nend\n',
      'b.rb': 'def b(x)\n  x.save!\n  x.all.saved?(1)\n  x.save\nend\n',
    });
    expect(ask(graph, 'callers', 'A.save!')).toBe('\n? x.save! in b.b b.rb:2\n');
    expect(ask(graph, 'callers', 'A.saved?')).toBe('\n? x.all.saved? in b.b b.rb:3\n');
    expect(ask(graph, 'callers', 'A.save')).toBe('\n? x.save in b.b b.rb:4\n');
  });

  it('lists callers with their lines, and the calls of that name whose callee is not known', async () => {
    const graph = await graphOf(SHOP);
    expect(ask(graph, 'callers', 'Store.publish')).toBe(`
1 calls src.save.save src/save.ts:3
? handlers.find(item).publish in src.save.later src/save.ts:6
`);
  });

  it('follows callers to a depth, each at its least', async () => {
    const graph = await graphOf(SHOP);
    expect(ask(graph, 'callers', 'Store.write', 4)).toBe(`
1 calls src.store.Store.publish src/store.ts:2
2 calls src.save.save src/save.ts:3
3 calls src.main.test src/main.test.ts:4
3 calls src.main.main src/main.ts:2
4 calls src.main src/main.ts:3
`);
  });

  it('lists callees, also unknown ones', async () => {
    const graph = await graphOf(SHOP);
    expect(ask(graph, 'callees', 'later')).toBe(`
? handlers.find in src.save.later src/save.ts:6
? handlers.find(item).publish in src.save.later src/save.ts:6
`);
    expect(ask(graph, 'callees', 'src/save.ts:3')).toContain('1 calls src.store.Store.publish src/save.ts:3');
  });

  it('does not go round in circles', async () => {
    const graph = await graphOf({
      'a.ts': "import { b } from './b.ts'\nexport function a() { b() }\n",
      'b.ts': "import { a } from './a.ts'\nexport function b() { a() }\n",
    });
    expect(ask(graph, 'callers', 'a.a', 10)).toBe(`
1 calls b.b b.ts:2
2 calls a.a a.ts:2
`);
  });

  it('takes a file for all it defines, seen from outside', async () => {
    const graph = await graphOf(SHOP);
    expect(ask(graph, 'callers', 'src/store.ts')).toBe(`
1 calls src.save.save src/save.ts:3
1 calls src.save.save src/save.ts:3
? handlers.find(item).publish in src.save.later src/save.ts:6
`);
  });
});

describe('a name', () => {
  it('means the only definition outside tests, and says what else has it', async () => {
    const graph = await graphOf(SHOP);
    const { targets, candidates } = findTarget(graph, { name: 'publish' });
    expect(targets.map(({ id }) => id)).toEqual(['src.store.Store.publish']);
    expect(candidates.map(({ id }) => id)).toEqual(['src.main.test.publish']);
  });

  it('is a question back where several definitions have it, unless all are asked', async () => {
    const graph = await graphOf({
      'a.ts': 'export function run() {}\n',
      'b.ts': 'export function run() {}\nrun()\n',
    });
    expect(ask(graph, 'callers', 'run')).toBe('\nseveral: a.run b.run\n');
    expect(ask(graph, 'callers', 'run', 1, 'b.ts')).toBe('\n1 calls b b.ts:2\n');
    expect(findTarget(graph, { name: 'run', all: true }).targets).toHaveLength(2);
  });

  it('may be unknown, or a place without a definition', async () => {
    const graph = await graphOf(SHOP);
    expect(ask(graph, 'callers', 'nothing')).toBe('\nnone: \n');
    expect(ask(graph, 'callers', '')).toBe('\nnone: \n');
    expect(ask(graph, 'callers', 'src/none.ts:3')).toBe('\nnone: \n');
  });
});

describe('references', () => {
  it('tell a line once that calls what it names', async () => {
    const graph = await graphOf(SHOP, [
      'uses src.save.save -> src.store.Store.publish src/save.ts:3',
      'uses src.main -> src.store.Store.publish src/main.ts:3',
    ]);
    expect(ask(graph, 'references', 'Store.publish')).toBe(`
1 uses src.main src/main.ts:3
1 calls src.save.save src/save.ts:3
? handlers.find(item).publish in src.save.later src/save.ts:6
`);
    const [publish] = findTarget(graph, { name: 'Store.publish' }).targets;
    expect(relationNotes(graph, 'callers', publish ? [publish] : []).join()).toContain(
      'without being called at 1 place',
    );
  });
});

describe('what bears on trust', () => {
  it('is said: exported names, overridden methods, uses without a call', async () => {
    const graph = await graphOf(SHOP, [
      'uses src.main -> src.save.save src/main.ts:3',
      'overrides src.store.Store.publish -> src.main.main src/store.ts:2',
    ]);
    const [save] = findTarget(graph, { name: 'save' }).targets;
    const [publish] = findTarget(graph, { name: 'Store.publish' }).targets;
    expect(relationNotes(graph, 'callers', save ? [save] : []).join('\n')).toMatch(
      /exported.*\n.*without being called at 1 place/s,
    );
    expect(relationNotes(graph, 'callers', publish ? [publish] : [])).toEqual([
      expect.stringContaining('it overrides src.main.main: a call of that may run this one (1 known'),
    ]);
  });
});

const symbol = (id: string, path: string) => ({
  id,
  name: id.split('.').at(-1) ?? '',
  kind: 'function' as const,
  path,
  start: 1,
  end: 9,
  hash: 'h',
  language: 'python',
  fileKind: 'code' as const,
  isExported: true,
});

it('answers for a symbol with 10,000 callers', () => {
  const callers = Array.from({ length: 10_000 }, (_, i) => symbol(`m${i}.f`, `m${i}.py`));
  const graph = graphFrom({
    symbols: [symbol('log.log', 'log.py'), ...callers],
    edges: callers.map(({ id, path }, i) => ({
      kind: 'calls' as const,
      from: id,
      to: 'log.log',
      path,
      line: i + 1,
      hash: 'h',
      resolution: 'exact' as const,
    })),
  });
  const target = findTarget(graph, { name: 'log.log' }).targets;
  const { resolved, isCut } = relationsOf(graph, 'callers', target, 10);
  expect(resolved).toHaveLength(10_000);
  expect(isCut).toBe(false);
});

it('a call of what is only declared is kept as a call of what implements it, and found from both', () => {
  const at = { path: 'shape.ts', hash: 'h' };
  const symbols = ['Shape.area', 'Square.area', 'total', 'one'].map((name) =>
    symbol(`shape.${name}`, at.path),
  );
  const edge = (from: string, kind: 'calls' | 'overrides', to: string, line: number, isExact = true) => {
    const resolution = isExact ? ('exact' as const) : ('inferred' as const);
    return { ...at, kind, from: `shape.${from}`, to: `shape.${to}`, line, resolution };
  };
  const edges = [
    edge('Square.area', 'overrides', 'Shape.area', 2),
    edge('total', 'calls', 'Square.area', 3, false),
    edge('one', 'calls', 'Square.area', 4),
  ];
  const graph = graphFrom({ symbols, edges });
  expect(ask(graph, 'callers', 'Shape.area')).toBe('\n1 calls shape.total shape.ts:3\n');
  expect(ask(graph, 'callers', 'Square.area')).toBe(
    '\n1 calls shape.total shape.ts:3\n1 calls shape.one shape.ts:4\n',
  );
});

it('tells a line once: where more may be called than was followed it is a caller, not unresolved as well', () => {
  const place = { path: 'a.ts', line: 3, hash: 'h' };
  const symbols = ['a.run', 'a.use'].map((id, i) => ({
    ...{ id, name: id.slice(2), kind: 'function' as const, path: 'a.ts', start: 1 + 2 * i, end: 2 + 2 * i },
    ...{ hash: 'h', language: 'typescript', fileKind: 'code' as const, isExported: false },
  }));
  const graph = graphFrom({
    symbols,
    edges: [{ kind: 'calls', from: 'a.use', to: 'a.run', resolution: 'inferred', ...place }],
    unresolved: [
      { from: 'a.use', text: 'x.run', ...place },
      { from: 'a.use', text: 'y.run', ...place, line: 4 },
    ],
  });
  for (const relation of ['callers', 'references'] as const)
    expect(ask(graph, relation, 'run')).toBe('\n1 calls a.use a.ts:3\n? y.run in a.use a.ts:4\n');
});
