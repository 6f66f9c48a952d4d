/**
 * Which definitions code outside a repository can name, and where it says so: package manifests of JavaScript, `__init__` of Python
 * packages, exported names where a language has no list of its own. Reads manifests and lines through what it is given.
 */
import type { CodeGraph, GraphEdge, GraphSymbol } from '../model/code-graph.ts';
import type { FilePath } from '../model/file.ts';

export interface PublicParts {
  /** All indexed files. */
  readonly paths: ReadonlySet<FilePath>;
  /** Text of a file; undefined where it cannot be read. */
  text(path: FilePath): string | undefined;
}

export interface PublicApi {
  /** Where a definition is offered to the outside; undefined where it is not, as far as is known. */
  reason(symbol: GraphSymbol): string | undefined;
}

/** Modules that hand on others' names, one behind the other. */
const MAX_BARRELS = 500;
const MANIFEST = /(^|\/)package\.json$/;

export function publicApi(graph: CodeGraph, parts: PublicParts): PublicApi {
  const offered = new Map<string, string>();
  for (const entry of entryFiles(parts)) offerModule(graph, parts, entry, offered);
  return {
    reason(symbol) {
      if (symbol.kind === 'module' || symbol.fileKind === 'test' || isInternal(symbol)) return undefined;
      for (let id = symbol.id; id !== ''; id = id.slice(0, Math.max(0, id.lastIndexOf('.')))) {
        const reason = offered.get(id);
        if (reason !== undefined) return reason;
      }
      return LISTED.has(symbol.language) || !symbol.isExported
        ? undefined
        : `${symbol.name} is public in ${symbol.path}`;
    },
  };
}

/** Languages whose packages say what they offer; in the others each exported name is offered. */
const LISTED = new Set(['javascript', 'typescript', 'tsx', 'python']);

function isInternal({ language, path, id, name }: GraphSymbol): boolean {
  if (language === 'go') return /(^|\/)internal\//.test(path) || !/^\p{Lu}/u.test(name);
  return id.split('.').some((part) => /^[_#]/.test(part) && !/^__\w+__$/.test(part));
}

/** Files whose names a package offers: `exports`, `main` and the like of each manifest, and each `__init__` that is no test. */
function entryFiles({ paths, text }: PublicParts): readonly FilePath[] {
  const entries = new Set<FilePath>();
  for (const path of paths) {
    if (/(^|\/)__init__\.py$/.test(path) && !/(^|\/)(_[^/]*|tests?)\//.test(path)) entries.add(path);
    if (!MANIFEST.test(path) || path.includes('node_modules/')) continue;
    const folder = path.slice(0, -'package.json'.length);
    for (const target of targetsOf(text(path) ?? '')) {
      const file = sourceOf(folder, target, paths);
      if (file !== undefined) entries.add(file);
    }
  }
  return [...entries].sort();
}

function targetsOf(manifest: string): readonly string[] {
  const found: string[] = [];
  const collect = (value: unknown, depth: number): void => {
    if (typeof value === 'string') found.push(value);
    else if (typeof value === 'object' && value !== null && depth < 8)
      for (const inner of Object.values(value)) collect(inner, depth + 1);
  };
  try {
    const json = JSON.parse(manifest) as Record<string, unknown> | null;
    for (const key of ['exports', 'main', 'module', 'types', 'typings', 'bin']) collect(json?.[key], 0);
  } catch {
    // A manifest that is no JSON offers nothing that could be read.
  }
  return found.slice(0, 200);
}

/** `./dist/index.js` is built of a source: the same file beside, or in `src`. */
function sourceOf(folder: string, target: string, paths: ReadonlySet<FilePath>): FilePath | undefined {
  const plain = target.replace(/^\.\//, '');
  if (plain.includes('..') || plain.includes('*')) return undefined;
  const stem = plain.replace(/(\.d)?\.[cm]?[jt]sx?$/, '');
  const stems = [
    stem,
    stem.replace(/^(dist|build|lib|out|esm|cjs)\//, 'src/'),
    stem.replace(/^[^/]+\/(esm|cjs|types|src)\//, 'src/'),
  ];
  for (const one of [plain, ...stems.flatMap((base) => ENDINGS.map((ending) => base + ending))])
    if (paths.has(folder + one)) return folder + one;
  return undefined;
}

const ENDINGS = ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.jsx', '/index.ts', '/index.js'];

/** What a module offers: what it exports itself, what it hands on by name, and all of what it hands on whole. */
function offerModule(
  graph: CodeGraph,
  parts: PublicParts,
  entry: FilePath,
  offered: Map<string, string>,
): void {
  const seen = new Set<FilePath>();
  const queue: FilePath[] = [entry];
  while (queue.length > 0 && seen.size < MAX_BARRELS) {
    const path = queue.pop() as FilePath;
    if (seen.has(path)) continue;
    seen.add(path);
    const symbols = graph.inFile(path);
    for (const symbol of symbols)
      if (symbol.isExported && symbol.kind !== 'module') offer(offered, symbol.id, `exported by ${path}`);
    const [module] = symbols;
    if (module?.kind !== 'module') continue;
    const lines = (parts.text(path) ?? '').split('\n');
    for (const edge of graph.outgoing(module.id, 'imports')) {
      const statement = handsOn(edge, module, lines);
      if (statement === undefined) continue;
      const target = graph.symbol(edge.to);
      if (target?.kind === 'module') {
        if (/\*/.test(statement)) queue.push(target.path);
      } else if (target !== undefined) offer(offered, target.id, `handed on by ${path}:${edge.line}`);
    }
  }
}

function offer(offered: Map<string, string>, id: string, reason: string): void {
  if (!offered.has(id)) offered.set(id, reason);
}

/** The first line of a statement that hands on what it names; undefined for one that only imports. In an `__init__` every import hands on. */
function handsOn(
  { line }: GraphEdge,
  { language }: GraphSymbol,
  lines: readonly string[],
): string | undefined {
  if (language === 'python') return lines[line - 1] ?? '';
  for (let at = line - 1; at >= Math.max(0, line - 200); at--) {
    const text = lines[at] ?? '';
    const found = /^\s*(export|import|module\.exports|const|let|var)\b/.exec(text);
    if (found !== null) return found[1] === 'export' || found[1] === 'module.exports' ? text : undefined;
  }
  return undefined;
}
