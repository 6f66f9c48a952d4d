/**
 * Callers in a real Python repository, judged by pyright's language server.
 *
 *   node --conditions=source eval/callgraph/pyright-oracle.ts --root DIR [--only REGEX] [--sample N]
 *     [--keep FILE] [--out DIR] [--verbose N]
 *
 * For the callee of each call pyright is asked for the definition. Counted are calls that it resolves to functions of the repository, as
 * (path, line, callee); a class counts as the constructor that it or a base of the repository writes. Ours are right when pyright names the
 * same function on that line, or one that overrides it. Lines where pyright knows no definition, or only that of a variable or a parameter,
 * are not judged, nor are methods that operators call, nor fixtures, which pytest calls for the names of parameters, nor a function that is
 * handed over on its line by its name. `--sample N`: N files, those with the smallest hashes of their paths. `--keep FILE`: what pyright said,
 * written once and read again later. pyright is fetched by npm into its own cache and is no dependency.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { LanguageServer } from './language-server.ts';
import { callGraphOf, compare, type Site, tell } from './oracle.ts';
import { type Defined, loadPython, type Name, type PythonFile, readPythonFile } from './python-sites.ts';

const version = '1.1.414';
const { values } = parseArgs({
  options: {
    root: { type: 'string' },
    only: { type: 'string', default: '' },
    sample: { type: 'string', default: '100000' },
    keep: { type: 'string' },
    out: { type: 'string' },
    verbose: { type: 'string', default: '0' },
  },
});
if (values.root === undefined) throw new Error('--root DIR is missing');
const root = resolve(values.root);
const only = new RegExp(values.only);

await loadPython();
const files = new Map<string, PythonFile>();
for (const found of globSync('**/*.{py,pyi}', { cwd: root, exclude: (name) => name === 'node_modules' })) {
  const path = found.split(sep).join('/');
  const file = readPythonFile(path, readFileSync(join(root, path), 'utf8'));
  if (file !== undefined) files.set(path, file);
}

/** Function or class of the repository by where its name stands; `external`: outside it; undefined: a variable, a parameter. */
type Definition =
  | { readonly kind: 'function' | 'class'; readonly key: string }
  | { readonly kind: 'external' }
  | undefined;

const definitions = new Map<string, Definition>();
/** Functions by the line of their names: what our nodes are known by. */
const functionsByLine = new Map<string, string>();
for (const { path, functions, classes } of files.values()) {
  const place = ({ at }: Defined) => `${path}:${at.line + 1}:${at.character}`;
  for (const fn of functions) {
    definitions.set(place(fn), { kind: 'function', key: keyOf(path, fn.path) });
    functionsByLine.set(`${path}:${fn.at.line + 1}`, keyOf(path, fn.path));
  }
  for (const cls of classes) definitions.set(place(cls), { kind: 'class', key: keyOf(path, cls.path) });
}

/** A stub stands for its source. */
function keyOf(path: string, name: string): string {
  return `${path.replace(/\.pyi$/, '.py')}#${name}`;
}

/** What pyright said: `path:line:column` of a name -> the same of its definitions. */
const isKept = values.keep !== undefined && existsSync(values.keep);
const answers = new Map<string, readonly string[]>(
  isKept ? Object.entries(JSON.parse(readFileSync(values.keep as string, 'utf8'))) : [],
);
const server = isKept ? undefined : await startPyright();

async function startPyright(): Promise<LanguageServer> {
  const started = new LanguageServer(
    ['npm', 'exec', '--yes', `--package=pyright@${version}`, '--', 'pyright-langserver', '--stdio'],
    {
      // Packages that this machine happens to have would be judged otherwise than those that it lacks.
      python: { pythonPath: '/nonexistent' },
      'python.analysis': {
        typeCheckingMode: 'off',
        diagnosticMode: 'openFilesOnly',
        ignore: ['**'],
        autoSearchPaths: true,
        useLibraryCodeForTypes: true,
      },
    },
  );
  await started.start(root);
  return started;
}

const uriOf = (path: string) => pathToFileURL(join(root, path)).href;

async function definitionsOf(path: string, { at }: Name): Promise<readonly Definition[]> {
  const place = `${path}:${at.line + 1}:${at.character}`;
  if (server !== undefined) {
    const found = await server.definition(uriOf(path), at);
    const places = found.map(({ uri, range: { start } }) => {
      const where = relative(root, fileURLToPath(uri)).split(sep).join('/');
      return files.has(where) ? `${where}:${start.line + 1}:${start.character}` : '';
    });
    answers.set(place, places);
  }
  return (answers.get(place) ?? []).map((found) =>
    found === '' ? { kind: 'external' } : definitions.get(found),
  );
}

async function opened<T>(file: PythonFile, ask: () => Promise<T>): Promise<T> {
  server?.open(uriOf(file.path), 'python', file.text);
  try {
    return await ask();
  } finally {
    server?.close(uriOf(file.path));
  }
}

/** Classes of the repository with their bases, and with what names them as a base. */
const basesOf = new Map<string, Set<string>>();
const subclassesOf = new Map<string, Set<string>>();
const functionKeys = new Set<string>();

async function readHierarchy(): Promise<void> {
  for (const file of files.values()) {
    for (const fn of file.functions) functionKeys.add(keyOf(file.path, fn.path));
    if (!file.classes.some(({ bases }) => bases.length > 0)) continue;
    await opened(file, async () => {
      for (const { path, bases } of file.classes) {
        const own = keyOf(file.path, path);
        const found = (await Promise.all(bases.map((base) => definitionsOf(file.path, base)))).flat();
        for (const base of found) {
          if (base?.kind !== 'class') continue;
          basesOf.set(own, (basesOf.get(own) ?? new Set()).add(base.key));
          subclassesOf.set(base.key, (subclassesOf.get(base.key) ?? new Set()).add(own));
        }
      }
    });
  }
}

function closure(of: string, next: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const seen = new Set([of]);
  for (const key of seen) for (const more of next.get(key) ?? []) seen.add(more);
  return seen;
}

/** Constructors that a class writes or inherits from the repository. */
function constructorsOf(cls: string): string[] {
  const all = [...closure(cls, basesOf)];
  return ['__init__', '__new__'].flatMap(
    (name) => all.map((one) => `${one}.${name}`).find((key) => functionKeys.has(key)) ?? [],
  );
}

/** The function, and what overrides it. */
function withOverrides(key: string): string[] {
  const dot = key.lastIndexOf('.');
  const owner = key.slice(0, dot);
  if (dot < key.indexOf('#')) return [key];
  const below = [...closure(owner, subclassesOf)].map((cls) => `${cls}${key.slice(dot)}`);
  return [key, ...below.filter((one) => functionKeys.has(one))];
}

const sites: Site[] = [];
const accepted = new Map<string, Set<string>>();
const handedOver = new Map<string, Set<string>>();
const unjudged = new Set<string>();
let calls = 0;

function put(table: Map<string, Set<string>>, at: string, keys: Iterable<string>): void {
  const known = table.get(at) ?? new Set();
  for (const key of keys) known.add(key);
  table.set(at, known);
}

function targetsOf(found: readonly Definition[]): Set<string> {
  return new Set(
    found.flatMap((one) => {
      if (one?.kind === 'function') return withOverrides(one.key);
      return one?.kind === 'class' ? constructorsOf(one.key) : [];
    }),
  );
}

async function judgeFile(file: PythonFile): Promise<void> {
  const { path } = file;
  const judgeCall = async ({ line, text, callee }: PythonFile['calls'][number]) => {
    calls += 1;
    const found = callee === undefined ? [] : await definitionsOf(path, callee);
    if (found.length === 0 || found.includes(undefined)) unjudged.add(`${path}:${line}`);
    const targets = targetsOf(found);
    if (targets.size === 0) return;
    put(accepted, `${path}:${line}`, targets);
    sites.push({ path, line, text, targets });
  };
  const judgeRead = async (name: Name) => {
    const found = await definitionsOf(path, name);
    const isProperty = properties.has(name.name);
    const at = `${path}:${name.line}`;
    if (isProperty && (found.length === 0 || found.includes(undefined))) unjudged.add(at);
    put(isProperty ? accepted : handedOver, at, targetsOf(found));
  };
  for (const line of file.decorated) unjudged.add(`${path}:${line}`);
  await opened(file, async () => {
    await Promise.all(file.calls.map(judgeCall));
    await Promise.all(file.reads.filter(({ name }) => readable.has(name)).map(judgeRead));
  });
}

const started = performance.now();
await readHierarchy();
const properties = new Set([...files.values()].flatMap((file) => [...file.properties]));
/** Names of functions and classes of the repository: what else is read is none. */
const readable = new Set(
  [...files.values()].flatMap(({ functions, classes }) =>
    [...functions, ...classes].map(({ path }) => path.slice(path.lastIndexOf('.') + 1)),
  ),
);
const fixtures = new Set(
  [...files.values()].flatMap((file) => [...file.fixtures].map((name) => keyOf(file.path, name))),
);
const hashOf = (path: string) => createHash('sha256').update(path).digest('hex');
const sample = [...files.values()]
  .filter(({ path }) => path.endsWith('.py') && only.test(path))
  .sort((a, b) => (hashOf(a.path) < hashOf(b.path) ? -1 : 1))
  .slice(0, Number(values.sample));
for (const file of sample) await judgeFile(file);
await server?.stop();
if (values.keep !== undefined && !isKept)
  writeFileSync(values.keep, JSON.stringify(Object.fromEntries(answers)));
console.log(`pyright took ${Math.round(performance.now() - started)} ms`);

tell(
  compare(callGraphOf(root), {
    calls,
    sites,
    accepted,
    unjudged,
    paths: new Set(sample.map(({ path }) => path)),
    keyOf: ({ path, start }) => functionsByLine.get(`${path}:${start}`),
    isBeyond: ({ to, path, line }, node) => {
      const isOperator = /\.__(?!init__|new__|call__)\w+__$/.test(to);
      const key = functionsByLine.get(`${node.path}:${node.start}`);
      if (key !== undefined && fixtures.has(key)) return true;
      return isOperator || (key !== undefined && handedOver.get(`${path}:${line}`)?.has(key) === true);
    },
  }),
  { by: 'eval/callgraph/pyright-oracle.ts', oracle: 'pyright', version: `pyright ${version}` },
  values,
);
