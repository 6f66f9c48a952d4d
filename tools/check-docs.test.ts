import { expect, test } from 'vitest';
import { errorCodes, lacksHeader, missingPaths } from './check-docs.ts';
import { lockProblems, machinePaths } from './check-lock.ts';
import { nodeOf, reduce, renderMermaid } from './docs/import-diagram.ts';
import { renderOperation } from './docs/operations.ts';
import { threatProblems } from './docs/threats.ts';
import { replacePart } from './generate-docs.ts';

const present = new Set(['tools/try.ts', 'packages/engine/src/query/', 'docs/adr/README.md']);
const exists = (path: string): boolean => present.has(path);

test('paths in code spans and links must exist; commands, fences and addresses are none', () => {
  const text = [
    'See `tools/try.ts`, `query/`, `npm run try`, `a/b` and https://example.org/x.ts.',
    'Gone: `tools/gone.ts`, [guide](adr/README.md), [lost](adr/0009.md), [web](https://example.org)',
    '```',
    '`tools/in-a-fence.ts`',
    '```',
    '`indexing/`',
  ].join('\n');
  expect(missingPaths('docs/guide.md', text, exists)).toEqual([
    'docs/guide.md:2: tools/gone.ts does not exist',
    'docs/guide.md:2: link to adr/0009.md leads nowhere',
    'docs/guide.md:6: indexing/ does not exist',
  ]);
});

test.each([
  ['/** What it is. */\nimport x;', false],
  ['#!/usr/bin/env node\n/*\n * Launcher.\n */', false],
  ['import x;\n/** Late. */', true],
  ['/**\n */\nexport {};', true],
])('a module begins with a comment that says something: %j', (text, lacking) => {
  expect(lacksHeader(text)).toBe(lacking);
});

test('error codes are read from the type', () => {
  expect(errorCodes("export type ErrorCode =\n  | 'root_missing'\n  | 'timeout';\n")).toEqual([
    'root_missing',
    'timeout',
  ]);
});

test('paths of a machine are found where they are paths', () => {
  const home = ['', 'home', 'ada', 'x'].join('/');
  expect(machinePaths('a.md', `run ${home}/bin\nsee https://home/ada/x and src/home/ada/x`)).toHaveLength(1);
  expect(machinePaths('a.test.ts', `resolveInside('${home}')`)).toEqual([]);
});

test('a lock file names no host and lacks no platform package', () => {
  const packages = {
    'node_modules/a': { version: '1.0.0', resolved: 'https://registry.example.org/a.tgz' },
    'node_modules/b': { version: '1.0.0', optionalDependencies: { 'b-win32-x64': '1.0.0' } },
    'node_modules/ours': { resolved: 'packages/ours', link: true },
  };
  expect(lockProblems(JSON.stringify({ packages }))).toEqual([
    expect.stringContaining('node_modules/a names a host'),
    expect.stringContaining('node_modules/b-win32-x64 is missing'),
  ]);
});

test('the diagram folds files to folders and leaves out arrows that others imply', () => {
  expect(nodeOf('packages/engine/src/query/plan.ts')).toBe('engine/query');
  expect(nodeOf('packages/engine/src/query/plan.test.ts')).toBeUndefined();
  const edges = [
    ['e/a', 'e/b'],
    ['e/b', 'e/c'],
    ['e/a', 'e/c'],
  ] as const;
  expect(reduce(edges)).toEqual([
    ['e/a', 'e/b'],
    ['e/b', 'e/c'],
  ]);
  expect(renderMermaid(edges)).toContain('  e_a --> e_b\n  e_b --> e_c\n');
});

test('a generated part is replaced between its marks, and only there', () => {
  const text = 'before\n<!-- generated: x -->\nold\n<!-- end: x -->\nafter';
  expect(replacePart(text, 'x', 'new')).toBe('before\n<!-- generated: x -->\nnew\n<!-- end: x -->\nafter');
  expect(replacePart(text, 'y', 'new')).toBeUndefined();
});

test('an operation is documented by its schema', () => {
  const text = renderOperation({
    name: 'find_it',
    tool: true,
    title: 'Find it',
    description: 'Finds.',
    help: {
      command: 'find',
      summary: 'finds things',
      examples: [{ command: 'conexus find x', says: 'finds x' }],
    },
    inputSchema: () => ({
      required: ['query'],
      properties: {
        query: { type: 'string', description: 'a | b' },
        limit: { type: 'integer', minimum: 1, maximum: 9, default: 5 },
        kinds: { type: 'array', items: { enum: ['x', 'y'] } },
      },
    }),
  });
  expect(text).toContain('| `query` | string | required | a \\| b |');
  expect(text).toContain('| `limit` | integer 1-9 | `5` |  |');
  expect(text).toContain('| `kinds` | list of `x` `y` |  |  |');
});

test('every row of the threat table names tests that are there', () => {
  const table = (...rows: string[]) =>
    ['<!-- threats -->', '| Threat | Done | Proof |', '|---|---|---|', ...rows, '<!-- end: threats -->'].join(
      '\n',
    );
  const sources = new Map([
    [
      'a.test.ts',
      "it('holds', () => 1);\n  it.each([\n    'x',\n  ])(\n    'of %s', () => 1);\n// it was 'said' ('said')",
    ],
  ]);
  const problemsOf = (...rows: string[]) =>
    threatProblems('s.md', table(...rows), (path) => sources.get(path));
  expect(problemsOf('| A | x | `a.test.ts` "holds"; `a.test.ts` "of %s" |')).toEqual([]);
  expect(
    problemsOf(
      '| B | x | |',
      '| C | x | `a.test.ts` "hold" |',
      '| D | x | `b.test.ts` "holds" |',
      '| E | x | `a.test.ts` "said" |',
    ),
  ).toEqual([
    's.md: "B" has no proof',
    's.md: "C": a.test.ts has no test "hold"',
    's.md: "D": b.test.ts does not exist',
    's.md: "E": a.test.ts has no test "said"',
  ]);
  expect(threatProblems('s.md', '', () => '')).toEqual(['s.md: there is no threat table']);
});
