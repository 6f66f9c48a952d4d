import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from './checks/files.ts';

/** A rule that cannot fail guards nothing: each is broken once here, in a tree made for it. `from -> to`. */
const violations: readonly (readonly [rule: string, from: string, to: string])[] = [
  ['model-is-the-bottom', 'engine/src/model/a.ts', 'engine/src/ports/store.ts'],
  ['ports-know-only-model', 'engine/src/ports/b.ts', 'engine/src/lexical/x.ts'],
  ['syntax-meets-no-sibling', 'engine/src/syntax/c.ts', 'engine/src/lexical/x.ts'],
  ['lexical-meets-no-sibling', 'engine/src/lexical/d.ts', 'engine/src/indexing/x.ts'],
  ['indexing-and-query-stay-apart', 'engine/src/indexing/e.ts', 'engine/src/query/x.ts'],
  ['query-knows-no-indexing', 'engine/src/query/f.ts', 'engine/src/indexing/x.ts'],
  ['adapters-know-only-ports', 'engine/src/adapters/g.ts', 'engine/src/query/x.ts'],
  ['only-composition-roots-choose-adapters', 'engine/src/index.ts', 'engine/src/adapters/x.ts'],
  ['nothing-knows-evaluation', 'engine/src/query/y.ts', 'engine/src/evaluation/x.ts'],
  ['engine-knows-no-server', 'engine/src/query/h.ts', 'server/src/mcp/x.ts'],
  ['sdk-knows-nothing-of-ours', 'sdk/src/i.ts', 'engine/src/model/x.ts'],
  ['server-uses-public-doors', 'server/src/j.ts', 'engine/src/query/x.ts'],
  ['operations-know-no-rendering', 'server/src/operations/k.ts', 'server/src/mcp/x.ts'],
  ['outside-world-only-in-adapters', 'engine/src/query/l.ts', 'node:fs'],
  ['outside-world-only-in-adapters', 'engine/src/syntax/m.ts', 'node:child_process'],
  ['threads-only-in-indexing-and-adapters', 'engine/src/query/n.ts', 'node:worker_threads'],
  ['no-imports-of-tests', 'engine/src/query/o.ts', 'engine/src/query/x.test.ts'],
  ['no-unresolvable', 'engine/src/query/p.ts', 'a-package-that-is-not-there'],
];

/** What the map allows, so that the rules do not forbid everything. */
const allowed: readonly (readonly [from: string, to: string])[] = [
  ['engine/src/open-engine.ts', 'engine/src/adapters/x.ts'],
  ['engine/src/open-evaluation.ts', 'engine/src/evaluation/x.ts'],
  ['engine/src/query/q.ts', 'engine/src/lexical/x.ts'],
  ['engine/src/lexical/r.ts', 'engine/src/model/x.ts'],
  ['engine/src/adapters/s.ts', 'node:fs'],
  ['engine/src/query/t.ts', 'node:path'],
  ['engine/src/indexing/u.ts', 'node:worker_threads'],
  ['server/src/v.ts', 'sdk/src/contract/index.ts'],
  ['engine/src/query/w.test.ts', 'engine/src/adapters/x.ts'],
];

let tree: string;
let found: ReadonlySet<string>;

beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), 'conexus-rules-'));
  const edges = [...violations.map(([, from, to]) => [from, to] as const), ...allowed];
  for (const [, to] of edges) if (/\//.test(to)) put(to, 'export const x = 1;\n');
  for (const [from, to] of edges)
    put(from, `import { x } from '${specifier(from, to)}';\nexport const y = x;\n`);
  put('engine/src/lexical/cycle1.ts', "import { b } from './cycle2.ts';\nexport const a = () => b;\n");
  put('engine/src/lexical/cycle2.ts', "import { a } from './cycle1.ts';\nexport const b = () => a;\n");

  const config = await extractDepcruiseConfig(join(root, '.dependency-cruiser.mjs'));
  const { forbidden = [], options = {} } = config;
  const result = await cruise(
    ['packages'],
    { ...options, ruleSet: { forbidden }, validate: true, baseDir: tree, outputType: 'json' },
    options.enhancedResolveOptions,
  );
  const { summary } = (
    typeof result.output === 'string' ? JSON.parse(result.output) : result.output
  ) as ICruiseResult;
  found = new Set(summary.violations.map((violation) => `${violation.rule.name} ${violation.from}`));
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

function put(file: string, text: string): void {
  const path = join(tree, 'packages', file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function specifier(from: string, to: string): string {
  if (!to.includes('/')) return to;
  return `${'../'.repeat(from.split('/').length - 1)}${to}`;
}

test.each(violations)('%s: %s -> %s', (rule, from) => {
  expect([...found]).toContain(`${rule} packages/${from}`);
});

test('no-cycles: two modules that import each other', () => {
  expect([...found].some((each) => each.startsWith('no-cycles packages/engine/src/lexical/cycle'))).toBe(
    true,
  );
});

test.each(allowed)('allowed: %s -> %s', (from) => {
  expect([...found].filter((each) => each.endsWith(` packages/${from}`))).toEqual([]);
});
