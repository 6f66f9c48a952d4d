/**
 * Runs `conexus callgraph` on cases written by hand, in which each line says what it calls.
 *
 *   node eval/callgraph/marked-suite.ts [--only LANGUAGE] [--out DIR] [--verbose]
 *
 * `eval/callgraph/cases/LANGUAGE.md` has a section for each case, with files in fences whose first line is a comment with the path. After `->`
 * in a comment at the end of a line stand the ids of what is called there; a line without it calls nothing of the case. Every edge
 * inside the case is judged, those to built-ins and externals are not; a missing edge whose line is in the list of unresolved calls is
 * told as `listed`. The cases and the readers are by the same hand: this
 * says what is covered, not how the whole world does.
 */
import { execFile } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { add, type Edges, type Graph, noScore, reportCases, type Score, scoreOf } from './score.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    out: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const conexus = join(import.meta.dirname, '../../packages/server/bin/conexus.js');
const run = promisify(execFile);

interface Case {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
}

const fence = /```\w+\n((?:<\?php )?(?:\/\/|#) (\S+)\n[\s\S]*?)```/g;

function casesOf(text: string): Case[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      name: section.slice(0, section.indexOf('\n')).trim(),
      files: new Map([...section.matchAll(fence)].map(([, body = '', path = '']) => [path, body] as const)),
    }));
}

function expectedOf(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, at) => {
    const marked = /(?:\/\/|#) -> (.*)$/.exec(line)?.[1];
    return marked === undefined ? [] : marked.split(', ').map((to) => `${path}:${at + 1} -> ${to.trim()}`);
  });
}

interface Judged extends Edges {
  /** `path:line` of what is listed as unresolved. */
  readonly listed: ReadonlySet<string>;
}

async function judge({ files }: Case): Promise<Judged> {
  const folder = mkdtempSync(join(tmpdir(), 'marked-suite-'));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { stdout } = await run(process.execPath, [conexus, 'callgraph', '--root', folder, '--json']).catch(
      (error) => (error.code === 1 ? { stdout: error.stdout as string } : Promise.reject(error)),
    );
    const { edges, unresolved } = JSON.parse(stdout) as Graph;
    return {
      expected: new Set([...files].flatMap(([path, text]) => expectedOf(path, text))),
      found: new Set(
        edges.flatMap(({ to, path, line }) => (to.startsWith('<') ? [] : [`${path}:${line} -> ${to}`])),
      ),
      listed: new Set(unresolved.map(({ path, line }) => `${path}:${line}`)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const byLanguage = new Map<string, Score>();
const failures: string[] = [];
const cases = join(import.meta.dirname, 'cases');
for (const file of globSync('*.md', { cwd: cases }).sort()) {
  const language = basename(file, '.md');
  if (values.only !== undefined && values.only !== language) continue;
  for (const one of casesOf(readFileSync(join(cases, file), 'utf8'))) {
    const { expected, found, listed } = await judge(one);
    if (expected.size === 0) throw new Error(`${language}: ${one.name} says of no line what it calls`);
    byLanguage.set(language, add(byLanguage.get(language) ?? noScore, scoreOf({ expected, found })));
    const missing = [...expected]
      .filter((edge) => !found.has(edge))
      .map((edge) => `  ${listed.has(edge.split(' ')[0] ?? '') ? 'listed ' : 'missing'} ${edge}`);
    const wrong = [...found].filter((edge) => !expected.has(edge)).map((edge) => `  wrong   ${edge}`);
    if (missing.length + wrong.length > 0)
      failures.push([`${language}/${one.name}`, ...missing, ...wrong].join('\n'));
  }
}
reportCases(byLanguage, failures, { by: 'eval/callgraph/marked-suite.ts', ...values });
