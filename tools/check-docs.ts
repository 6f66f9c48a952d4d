/**
 * Checks that documents and code agree: paths that documents name exist, links lead somewhere, every module says what
 * it is, files stay readable in size, error codes and operations are documented, generated parts are current.
 * Usage: node --conditions=source tools/check-docs.ts. Prints one problem a line; changes nothing.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectFiles, root } from './checks/files.ts';
import { threatProblems } from './docs/threats.ts';
import { staleParts } from './generate-docs.ts';

const maxLines = 400;

/** Longer files, each with the reason why it is not cut. */
export const longFiles: Readonly<Record<string, string>> = {
  'packages/engine/src/chunking/chunk-file.test.ts':
    'samples in many languages beside the chunks they must give',
  'packages/engine/src/workspace/workspace.test.ts':
    'one workspace end to end: its cases share one made repository',
  'packages/engine/src/syntax/structure/prose-and-data.test.ts': 'samples beside the outlines they must give',
};

/** Folders that a path in a document may be relative to, besides the root and the document's own folder. */
const sourceRoots = [
  'packages/engine/src',
  'packages/server/src',
  'packages/sdk/src',
  'packages/engine',
  'packages/server',
];

/** What `npm install` and builds make: named in documents, absent from a fresh clone. */
const madeLater = /^(node_modules|dist|coverage|packages\/[^/]+\/dist)(\/|$)/;

/** Documents about the past: what they name may be gone. */
const historical = /^(CHANGELOG\.md|docs\/adr\/\d)/;

/** Paths in code spans and links of one document that do not exist. */
export function missingPaths(
  file: string,
  text: string,
  exists: (path: string) => boolean,
): readonly string[] {
  const problems: string[] = [];
  for (const [index, line] of withoutFences(text).split('\n').entries()) {
    for (const [, code = ''] of line.matchAll(/`([^`]+)`/g)) {
      if (!looksLikePath(code) || madeLater.test(code)) continue;
      const bases = ['', `${dirname(file)}/`, ...sourceRoots.map((base) => `${base}/`)];
      if (!bases.some((base) => exists(base + code)))
        problems.push(`${file}:${index + 1}: ${code} does not exist`);
    }
    for (const [, target = ''] of line.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:|^#/.test(target)) continue;
      const path = target.replace(/#.*$/, '');
      if (!exists(join(dirname(file), path)))
        problems.push(`${file}:${index + 1}: link to ${target} leads nowhere`);
    }
  }
  return problems;
}

/** A code span is a path when it names a file of ours or a folder: `query/`, `tools/try.ts`, `languages/<id>/`. */
function looksLikePath(code: string): boolean {
  if (
    /[\s"'$={}()|;,]|^[-@/~.]|:\/\//.test(code) &&
    !code.startsWith('.ci/') &&
    !code.startsWith('.dependency')
  )
    return false;
  const isFolder = /^[\w.<>*-]+(\/[\w.<>*-]+)*\/$/.test(code);
  const isFile = /^[\w.<>*-]+\/[\w.<>*/-]+\.(ts|js|cjs|mjs|md|json|tsv|yml|sh)$/.test(code);
  return isFolder || isFile || code.startsWith('.ci/');
}

function withoutFences(text: string): string {
  return text.replace(/^(```+)[^\n]*\n[\s\S]*?^\1\s*$/gm, (fence) => fence.replace(/[^\n]/g, ''));
}

/** `<id>` and `*` stand for any name. */
function existsInProject(path: string): boolean {
  const normal = path.replace(/^\.\//, '').replace(/\/$/, '');
  if (!/[<*]/.test(normal)) return existsSync(join(root, normal));
  return globSync(normal.replace(/<[^>]*>/g, '*'), { cwd: root }).length > 0;
}

/** A module begins with a doc comment (after a shebang), so that a reader knows it before reading it. */
export function lacksHeader(text: string): boolean {
  const comment =
    /^(?:#![^\n]*\n)?\s*(?:\/\*([\s\S]*?)\*\/|\/\/([^\n]*))/.exec(text)?.slice(1).join('') ?? '';
  return !/\w/.test(comment);
}

function modules(files: readonly string[]): readonly string[] {
  return files.filter(
    (file) =>
      /^(packages|eval|training|bench|tools)\/.*\.(ts|cjs|mjs|js)$/.test(file) &&
      !/\/fixtures\/|\.d\.[cm]?ts$/.test(file),
  );
}

function sizeProblems(file: string, text: string): readonly string[] {
  const lines = text.trimEnd().split('\n').length;
  const excused = longFiles[file] !== undefined;
  if (lines > maxLines && !excused)
    return [`${file}: ${lines} lines; cut it, or name it with a reason in tools/check-docs.ts`];
  if (lines <= maxLines && excused)
    return [`${file}: no longer over ${maxLines} lines; remove it from longFiles`];
  return [];
}

/** Codes of the engine's errors, read from the type: it has no value at run time. */
export function errorCodes(source: string): readonly string[] {
  const union = /export type ErrorCode =([^;]*);/.exec(source)?.[1] ?? '';
  return [...union.matchAll(/'([a-z_]+)'/g)].map(([, code = '']) => code);
}

function undocumentedCodes(): readonly string[] {
  const codes = errorCodes(readFileSync(join(root, 'packages/engine/src/model/errors.ts'), 'utf8'));
  const documented = readFileSync(join(root, 'docs/errors.md'), 'utf8');
  if (codes.length === 0)
    return ['packages/engine/src/model/errors.ts: no error codes found; has the type moved?'];
  return codes
    .filter((code) => !documented.includes(`\`${code}\``))
    .map((code) => `docs/errors.md: ${code} is not documented`);
}

function textOf(file: string): string | undefined {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

async function main(): Promise<number> {
  const files = projectFiles();
  const problems: string[] = [];
  for (const file of files.filter(
    (each) => each.endsWith('.md') && !/\/fixtures\//.test(each) && !historical.test(each),
  )) {
    problems.push(...missingPaths(file, readFileSync(join(root, file), 'utf8'), existsInProject));
  }
  for (const file of modules(files)) {
    const text = readFileSync(join(root, file), 'utf8');
    if (!file.endsWith('.test.ts') && lacksHeader(text))
      problems.push(`${file}: begins without a comment that says what it is`);
    problems.push(...sizeProblems(file, text));
  }
  problems.push(...undocumentedCodes());
  problems.push(...threatProblems('docs/security.md', textOf('docs/security.md') ?? '', textOf));
  problems.push(...(await staleParts()).map((part) => part.problem));
  for (const problem of problems) console.log(problem);
  return problems.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
