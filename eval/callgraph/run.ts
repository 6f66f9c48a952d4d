/**
 * Runs `conexus callgraph` on every snippet of a suite made like PyCG's micro-benchmark and compares the edges.
 *
 *   node eval/callgraph/run.ts --suite DIR [--out DIR] [--verbose]
 *
 * A snippet is a folder with a `callgraph.json` (caller -> callees), in a folder that names its category. Suites name lambdas by their
 * number and built-in types in stars; both are mapped. Suites have externals bare, so `<external>.` is taken off.
 */
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { add, type Graph, noScore, reportCases, type Score, scoreOf } from './score.ts';

const { values } = parseArgs({
  options: {
    suite: { type: 'string' },
    out: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
if (values.suite === undefined) throw new Error('--suite DIR is missing');
const suite = resolve(values.suite);
const conexus = join(import.meta.dirname, '../../packages/server/bin/conexus.js');
const run = promisify(execFile);

const builtinTypes: Readonly<Record<string, string>> = {
  PyStr: 'str',
  PyDict: 'dict',
  PyList: 'list',
  PyNum: 'int',
};

function expectedEdges(file: string): Set<string> {
  const graph = JSON.parse(readFileSync(file, 'utf8')) as Record<string, readonly string[]>;
  const named = (id: string) =>
    id.replace(/^<\*\*(\w+)\*\*>/, (all, type) => `<builtin>.${builtinTypes[type] ?? all}`);
  return new Set(
    Object.entries(graph).flatMap(([from, tos]) => tos.map((to) => `${named(from)} -> ${named(to)}`)),
  );
}

/** Our names as suites write them: the n-th function without a name of a scope is `<lambdaN>`. */
function foundEdges(graph: Graph): Set<string> {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const { id } of graph.nodes) {
    const scope = /^(.*)<anonymous:\d+(?::\d+)?>$/.exec(id)?.[1];
    if (scope === undefined) continue;
    const number = (counts.get(scope) ?? 0) + 1;
    counts.set(scope, number);
    names.set(id, `${scope}<lambda${number}>`);
  }
  const named = (id: string) => names.get(id) ?? id.replace('<external>.', '');
  return new Set(graph.edges.map(({ from, to }) => `${named(from)} -> ${named(to)}`));
}

const files = globSync('**/callgraph.json', { cwd: suite }).sort();
const byCategory = new Map<string, Score>();
const failures: string[] = [];
for (const file of files) {
  const folder = dirname(join(suite, file));
  const name = relative(suite, folder).split(sep);
  const category = name.at(-2) ?? '.';
  const { stdout } = await run(process.execPath, [conexus, 'callgraph', '--root', folder, '--json']).catch(
    (error) => ({
      stdout: error.code === 1 ? (error.stdout as string) : Promise.reject(error),
    }),
  );
  const expected = expectedEdges(join(suite, file));
  const found = foundEdges(JSON.parse(await stdout) as Graph);
  byCategory.set(category, add(byCategory.get(category) ?? noScore, scoreOf({ expected, found })));
  const missing = [...expected].filter((edge) => !found.has(edge));
  const wrong = [...found].filter((edge) => !expected.has(edge));
  if (missing.length + wrong.length > 0)
    failures.push(
      `${name.join('/')}\n${[...missing.map((edge) => `  missing ${edge}`), ...wrong.map((edge) => `  wrong   ${edge}`)].join('\n')}`,
    );
}

reportCases(byCategory, failures, { by: 'eval/callgraph/run.ts', ...values });
