/**
 * Runs `conexus callgraph` on the cases of JCG (opalj/JCG, `jcg_testcases/src/main/resources/java/*.md`) and compares the targets.
 *
 *   node eval/callgraph/java-suite.ts --suite DIR [--out DIR] [--verbose]
 *
 * A case is a section with files in fences; `@DirectCall(name, line, resolvedTargets, prohibitedTargets)` on a method says what a line of it
 * calls, `@IndirectCall` what is called from there by way of others: by a lambda, by the platform. Only what these say is compared: of one line,
 * the edges to methods of that name. Lines of other calls are not judged.
 */
import { execFile } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
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
const conexus = join(import.meta.dirname, '../../packages/server/bin/conexus.js');
const run = promisify(execFile);

interface Case {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
}

function casesOf(text: string): Case[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      name: section.slice(0, section.indexOf('\n')).trim(),
      files: new Map(
        [...section.matchAll(/```java\n\/\/ (\S+)[^\n]*\n([\s\S]*?)```/g)].map(
          ([, path, body]) => [path as string, body as string] as const,
        ),
      ),
    }));
}

interface Expected {
  readonly path: string;
  readonly line: number;
  readonly name: string;
  readonly targets: readonly string[];
  /** A path leads there from the line; otherwise an edge. */
  readonly isIndirect: boolean;
}

function expectedOf(path: string, text: string): Expected[] {
  return [...text.matchAll(/@(Direct|Indirect)Call\(([^()]*)\)/g)].flatMap(([, kind, given = '']) => {
    const name = /name\s*=\s*"([^"]+)"/.exec(given)?.[1];
    const line = /line\s*=\s*(\d+)/.exec(given)?.[1];
    const list = /resolvedTargets\s*=\s*(\{[^}]*\}|"[^"]*")/.exec(given)?.[1] ?? '';
    const targets = [...list.matchAll(/"L([^"]+);"/g)].map(([, type]) =>
      (type as string).replaceAll('$', '/'),
    );
    if (name === undefined || line === undefined) return [];
    return [{ path, line: Number(line), name, targets, isIndirect: kind === 'Indirect' }];
  });
}

/** All that is called from one line, by way of others too. */
function reachedFrom({ edges }: Graph, from: readonly Graph['edges'][number][]): Set<string> {
  const reached = new Set(from.map(({ to }) => to));
  for (const id of reached) for (const edge of edges) if (edge.from === id) reached.add(edge.to);
  return reached;
}

/** `vc/Class` and `method`, as our ids end. A constructor has the name of its class. */
function endOf(type: string, name: string): string {
  const [, ...inner] = type.split('/');
  return `${inner.join('.')}.${name === '<init>' ? type.slice(type.lastIndexOf('/') + 1) : name}`;
}

async function judge({
  files,
}: Case): Promise<{ readonly expected: Set<string>; readonly found: Set<string> }> {
  const folder = mkdtempSync(join(tmpdir(), 'java-suite-'));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { stdout } = await run(process.execPath, [conexus, 'callgraph', '--root', folder, '--json']);
    const graph = JSON.parse(stdout) as Graph;
    const wanted = [...files].flatMap(([path, text]) => expectedOf(path, text));
    const expected = new Set<string>();
    const found = new Set<string>();
    for (const { path, line, name, targets, isIndirect } of wanted) {
      const ends = targets.map((type) => endOf(type, name));
      for (const end of ends) expected.add(`${path}:${line} -> ${end}`);
      const own = graph.edges.filter((edge) => edge.path === path && edge.line === line);
      if (isIndirect)
        for (const to of reachedFrom(graph, own))
          for (const end of ends) if (to.endsWith(`.${end}`)) found.add(`${path}:${line} -> ${end}`);
      for (const { to } of own) {
        const end = ends.find((one) => to.endsWith(`.${one}`));
        if (end !== undefined) found.add(`${path}:${line} -> ${end}`);
        else if (!to.startsWith('<') && to.endsWith(`.${name}`)) found.add(`${path}:${line} -> ${to}`);
      }
    }
    return { expected, found };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const byCategory = new Map<string, Score>();
const failures: string[] = [];
for (const file of globSync('*.md', { cwd: values.suite }).sort()) {
  const category = basename(file, '.md');
  for (const one of casesOf(readFileSync(resolve(values.suite, file), 'utf8'))) {
    const { expected, found } = await judge(one);
    if (expected.size === 0) continue;
    byCategory.set(category, add(byCategory.get(category) ?? noScore, scoreOf({ expected, found })));
    const missing = [...expected].filter((edge) => !found.has(edge)).map((edge) => `  missing ${edge}`);
    const wrong = [...found].filter((edge) => !expected.has(edge)).map((edge) => `  wrong   ${edge}`);
    if (missing.length + wrong.length > 0)
      failures.push([`${category}/${one.name}`, ...missing, ...wrong].join('\n'));
  }
}
reportCases(byCategory, failures, { by: 'eval/callgraph/java-suite.ts', ...values });
