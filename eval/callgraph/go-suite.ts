/**
 * Runs `conexus callgraph` on the cases of golang.org/x/tools' analysis of types (`go/callgraph/vta/testdata/src/callgraph_*.go`) and
 * compares the edges.
 *
 *   node eval/callgraph/go-suite.ts --suite DIR [--out DIR] [--verbose]
 *
 * A case says after `// WANT:` what each of some functions calls: `Baz: Do(b) -> Do; invoke t0.Foo() -> A.Foo, B.Foo`. Functions without a
 * name are numbered there (`Do$1`), instances of generic functions carry their types; ours are renamed, theirs cut. Bodies of
 * loops over functions are functions there and not here: such a caller is taken for the function that holds the loop.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { add, type Graph, noScore, reportCases, scoreOf } from './score.ts';

const { values } = parseArgs({
  options: {
    suite: { type: 'string' },
    out: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
if (values.suite === undefined) throw new Error('--suite DIR is missing');
const conexus = join(import.meta.dirname, '../../packages/server/bin/conexus.js');
const run = promisify(execFile);

function expectedEdges(text: string): Set<string> {
  const wanted = text.slice(text.indexOf('// WANT:') + 8).split('\n');
  const found = new Set<string>();
  for (const line of wanted) {
    const [, from, calls] = /^\/\/ ([^:]+): (.*)$/.exec(line) ?? [];
    if (from === undefined || calls === undefined) continue;
    for (const call of calls.split('; '))
      for (const to of (call.split(' -> ')[1] ?? '').split(', ')) found.add(`${bare(from)} -> ${bare(to)}`);
  }
  return found;
}

const bare = (name: string) => name.replace(/\[.*\]/, '');

function foundEdges(graph: Graph, callers: ReadonlySet<string>): Set<string> {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const { id } of graph.nodes) {
    const scope = /^main\.(.*)\.<anonymous:[\d:]+>$/.exec(id)?.[1];
    if (scope === undefined) continue;
    counts.set(scope, (counts.get(scope) ?? 0) + 1);
    names.set(id, `${scope}$${counts.get(scope)}`);
  }
  const named = (id: string) => names.get(id) ?? id.replace(/^main\./, '');
  const edges = graph.edges.filter(({ to }) => !to.startsWith('<'));
  return new Set(
    edges.flatMap(({ from, to }) => (callers.has(named(from)) ? [`${named(from)} -> ${named(to)}`] : [])),
  );
}

let total = noScore;
const failures: string[] = [];
const files = globSync('callgraph_*.go', { cwd: values.suite }).sort();
for (const file of files) {
  const folder = mkdtempSync(join(tmpdir(), 'go-suite-'));
  try {
    mkdirSync(folder, { recursive: true });
    copyFileSync(resolve(values.suite, file), join(folder, 'main.go'));
    const { stdout } = await run(process.execPath, [conexus, 'callgraph', '--root', folder, '--json']);
    const expected = expectedEdges(readFileSync(join(folder, 'main.go'), 'utf8'));
    const callers = new Set([...expected].map((edge) => edge.split(' -> ')[0] as string));
    const found = foundEdges(JSON.parse(stdout) as Graph, callers);
    total = add(total, scoreOf({ expected, found }));
    const missing = [...expected].filter((edge) => !found.has(edge)).map((edge) => `  missing ${edge}`);
    const wrong = [...found].filter((edge) => !expected.has(edge)).map((edge) => `  wrong   ${edge}`);
    if (missing.length + wrong.length > 0)
      failures.push([basename(file, '.go'), ...missing, ...wrong].join('\n'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
reportCases(new Map([['callgraph', total]]), failures, { by: 'eval/callgraph/go-suite.ts', ...values });
