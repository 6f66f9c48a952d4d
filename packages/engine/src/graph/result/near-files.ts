/** Which files say most of what changed files call: to be resolved together with them before everything is. */
import { addTo } from '../../model/add-to.ts';
import type { CodeFacts } from '../../model/code-facts.ts';
import type { FilePath } from '../../model/file.ts';
import type { GraphData } from './graph-data.ts';

export interface ChangedFile {
  readonly path: FilePath;
  readonly facts: Pick<CodeFacts, 'stars' | 'operations'>;
}

/** Of one import, so many files with the name. */
const maxOfImport = 4;
const maxOfFolder = 24;
/** Names of files that stand for their folder. */
const ofFolder = /^(index|__init__|mod|lib|main|package)$/;

/**
 * The nearest first, without the changed ones: what their imports may mean, what they led to in the graph of before, files beside them, and
 * what the first of these lead to. `paths`: all files that there are. Too many are harmless: what an import means is found when they are resolved.
 */
export function filesNear(
  data: GraphData,
  changed: readonly ChangedFile[],
  paths: readonly FilePath[],
): readonly FilePath[] {
  const present = new Set(paths);
  const own = new Set(changed.map(({ path }) => path));
  const numbers = new Set(data.paths.flatMap((path, number) => (own.has(path) ? number : [])));
  const next = targetsOf(data, numbers);
  const named = byLastName(paths);
  const near = new Set([
    ...changed.flatMap(({ facts }) => importsOf(facts)).flatMap((name) => meant(named, name)),
    ...pathsOf(data, next),
    ...beside(own, paths),
    ...pathsOf(data, targetsOf(data, next)),
  ]);
  return [...near].filter((path) => present.has(path) && !own.has(path));
}

const pathsOf = (data: GraphData, files: Iterable<number>) =>
  [...files].map((file) => data.paths[file] as FilePath);

/** Files with a definition that something in these files leads to. */
function targetsOf({ ids, symbols, edges }: GraphData, from: ReadonlySet<number>): ReadonlySet<number> {
  const fileOf = new Int32Array(ids.length).fill(-1);
  for (const [row, id] of symbols.id.entries()) fileOf[id] = symbols.file[row] as number;
  const found = new Set<number>();
  for (const [row, file] of edges.file.entries()) {
    const target = from.has(file) ? (fileOf[edges.to[row] as number] as number) : -1;
    if (target >= 0) found.add(target);
  }
  return found;
}

function importsOf({ stars, operations }: ChangedFile['facts']): readonly string[] {
  const found = new Set(stars);
  for (const one of operations) {
    if (one.op !== 'import') continue;
    found.add(one.from);
    // `from . import x`: a module inside.
    if (one.name !== undefined && /^\w+$/.test(one.name)) found.add(`${one.from}/${one.name}`);
  }
  return [...found];
}

const namesOf = (text: string) => text.split(/[^\p{L}\p{N}_-]+/u).filter((name) => name !== '');

/** Names of the folders and of the file, as an import may write them. */
function namesOfPath(path: FilePath): readonly string[] {
  const names = namesOf(path.replace(/\.[^./]+$/, ''));
  return ofFolder.test(names.at(-1) ?? '') ? names.slice(0, -1) : names;
}

type Named = ReadonlyMap<string, readonly { readonly path: FilePath; readonly names: readonly string[] }[]>;

function byLastName(paths: readonly FilePath[]): Named {
  const found = new Map<string, { path: FilePath; names: readonly string[] }[]>();
  for (const path of paths) {
    const names = namesOfPath(path);
    const last = names.at(-1) ?? '';
    addTo(found, last, { path, names });
  }
  return found;
}

/** Files whose path ends most like the import. */
function meant(named: Named, text: string): readonly FilePath[] {
  const names = namesOf(text.replace(/\.(m|c)?(j|t)sx?$/, ''));
  const all = named.get(names.at(-1) ?? '') ?? [];
  const scored = all.map((one) => ({ path: one.path, common: commonEnd(one.names, names) }));
  return scored
    .sort((a, b) => b.common - a.common)
    .slice(0, maxOfImport)
    .map(({ path }) => path);
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let common = 0;
  while (common < a.length && common < b.length && a.at(-1 - common) === b.at(-1 - common)) common += 1;
  return common;
}

/** Files of the same folders: packages whose files see each other. */
function beside(own: ReadonlySet<FilePath>, paths: readonly FilePath[]): readonly FilePath[] {
  const folderOf = (path: FilePath) => path.slice(0, path.lastIndexOf('/') + 1);
  const folders = new Set([...own].map(folderOf));
  return paths.filter((path) => folders.has(folderOf(path))).slice(0, maxOfFolder);
}
