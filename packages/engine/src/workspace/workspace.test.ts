import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempTree } from '../adapters/sources/testing/temp-tree.ts';
import { ConexusError } from '../model/errors.ts';
import {
  commit,
  indexed,
  pathsFor,
  places,
  repository,
  tempHome,
  testEngine,
} from '../testing/open-workspace.ts';

const FILES = {
  'src/cookie.ts': `/** Reads a cookie header. */
export function parseCookie(header: string): Map<string, string> {
  return new Map(header.split(';').map((pair) => pair.split('=') as [string, string]));
}

export function formatCookie(name: string, value: string): string {
  return \`\${name}=\${value}\`;
}
`,
  'src/router.ts': `export class Router {
  private routes: string[] = [];
  /** Adds a route. */
  add(path: string): void {
    this.routes.push(path);
  }
  match(path: string): boolean {
    return this.routes.includes(path);
  }
}
`,
  'test/cookie.test.ts': `import { parseCookie } from '../src/cookie';
test('parses a cookie', () => {
  parseCookie('a=1');
});
`,
  'docs/guide.md': '# Cookies\n\nHow a cookie header is read.\n',
  'package.json': '{ "name": "sample", "version": "1.0.0" }\n',
};

async function errorOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'no error';
  } catch (error) {
    return error instanceof ConexusError ? error.code : `${error}`;
  }
}

describe('search', () => {
  it('answers with verified passages, their definition and hash', async () => {
    const workspace = await indexed(FILES);
    const answer = await workspace.search({ query: 'parseCookie' });
    expect(places(answer)[0]).toBe('src/cookie.ts:1-4 parseCookie');
    const [hit] = answer.hits;
    expect(hit?.text).toBe(FILES['src/cookie.ts'].split('\n').slice(0, 4).join('\n'));
    expect(hit?.hash).toBe((await workspace.readLines('src/cookie.ts')).hash);
    expect(answer.freshness).toMatchObject({ state: 'fresh', pendingCount: 0, checkedBy: 'scan' });
    expect(answer.freshness.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(answer.freshness.branch).toBe('main');
    expect((await pathsFor(workspace, 'src/router.ts'))[0]).toBe('src/router.ts');
    expect((await pathsFor(workspace, 'how is a cookie header read'))[0]).toMatch(/cookie|guide/);
  });

  it('says what it does not know', async () => {
    const workspace = await indexed(FILES);
    const answer = await workspace.search({ query: 'quetzalcoatl' });
    expect(answer.hits).toEqual([]);
    expect(answer.notes.join()).toMatch(/no indexed file/i);
    expect((await workspace.search({ query: '' })).hits).toEqual([]);
    expect((await workspace.search({ query: '   \n' })).hits).toEqual([]);
  });

  it('answers only from files that the filter lets pass, also where others have the same bytes', async () => {
    const text = 'export function duplicated() {\n  return 42;\n}\n';
    const workspace = await indexed({
      ...FILES,
      'a/one.ts': text,
      'b/two.ts': text,
      'b/other.ts': 'export const other = 1;\n',
    });
    const all = await workspace.search({ query: 'duplicated' });
    expect(all.hits.map(({ path, copies }) => [path, ...(copies ?? [])])).toEqual([['a/one.ts', 'b/two.ts']]);
    expect(await pathsFor(workspace, 'duplicated', { filter: { paths: ['b/**'] } })).toEqual(['b/two.ts']);
    expect(await pathsFor(workspace, 'duplicated', { filter: { paths: ['!a'] } })).toEqual(['b/two.ts']);
    expect(await pathsFor(workspace, 'cookie', { filter: { kinds: ['doc'] } })).toEqual(['docs/guide.md']);
    expect(await pathsFor(workspace, 'cookie', { filter: { languages: ['markdown'] } })).toEqual([
      'docs/guide.md',
    ]);
    expect(await pathsFor(workspace, 'cookie', { filter: { paths: ['nowhere/**'] } })).toEqual([]);
    expect(await pathsFor(workspace, 'duplicated', { filter: { paths: ['{b,c}/*.{js,ts}'] } })).toEqual([
      'b/two.ts',
    ]);
    expect(await errorOf(() => workspace.search({ query: 'x', filter: { paths: ['*'.repeat(300)] } }))).toBe(
      'invalid_argument',
    );
  });

  it('filters kinds of definitions before it cuts the list', async () => {
    const functions = Array.from(
      { length: 400 },
      (_, i) => `export function widget${i}() {\n  return widget();\n}\n`,
    );
    const workspace = await indexed({
      ...Object.fromEntries(functions.map((text, i) => [`src/f${i}.ts`, text])),
      'src/model.ts': 'export class Model {\n  size = 1;\n  grow() {\n    this.size = widget();\n  }\n}\n',
    });
    expect(await pathsFor(workspace, 'widget', { filter: { symbolKinds: ['class', 'method'] } })).toEqual([
      'src/model.ts',
    ]);
  });

  it('delivers the whole list page by page, nothing twice', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `src/m${i}.ts`,
        `export function handler${i}() {\n  return ${i} + shared();\n}\n`,
      ]),
    );
    const workspace = await indexed(files);
    const seen: string[] = [];
    let offset: number | undefined = 0;
    for (let page = 0; offset !== undefined && page < 60; page++) {
      const answer = await workspace.search({
        query: 'shared handler',
        limit: 3,
        offset,
        maxTokens: page % 2 === 0 ? 4000 : 150,
      });
      seen.push(...places(answer));
      expect(answer.omitted.reason === 'none').toBe(answer.omitted.nextOffset === undefined);
      expect(answer.omitted.nextOffset ?? Number.MAX_VALUE).toBeGreaterThan(offset);
      offset = answer.omitted.nextOffset;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(new Set(seen.map((place) => place.split(':')[0])).size).toBe(40);
  });

  it('explains its scores by named terms', async () => {
    const workspace = await indexed(FILES);
    const { hits, plan } = await workspace.search({ query: 'parseCookie', explain: true });
    expect(plan?.kind).toBe('symbol');
    expect(plan?.terms.find(({ term }) => term === 'parsecookie')?.documents).toBeGreaterThan(0);
    expect(hits[0]?.terms?.map(({ name }) => name)).toEqual(
      expect.arrayContaining([expect.stringMatching(/definition/i)]),
    );
    expect((await workspace.plan('parseCookie', 'search')).kind).toBe('symbol');
    expect((await workspace.plan('parse the cookie', 'locate')).terms.length).toBeGreaterThan(1);
  });
});

describe('locate', () => {
  it('names files with reasons that hold', async () => {
    const root = repository(FILES);
    commit(
      root,
      { 'src/router.ts': `${FILES['src/router.ts']}// trailing slash\n` },
      'Router ignores a trailing slash',
    );
    const workspace = await (await testEngine()).openWorkspace(root);
    await workspace.index();
    const { hits } = await workspace.locate({
      task: 'Router should ignore a trailing slash when it matches',
    });
    expect(hits[0]?.path).toBe('src/router.ts');
    expect(hits[0]?.reasons.join('; ')).toMatch(/Router ignores a trailing slash/);
    expect(new Set(hits.map(({ path }) => path)).size).toBe(hits.length);
    const trace = `Error: boom\n    at parseCookie (src/cookie.ts:3:10)\n    at main (src/main.ts:1:1)`;
    const traced = await workspace.locate({ task: trace });
    expect(traced.hits[0]?.path).toBe('src/cookie.ts');
    expect(traced.hits[0]?.reasons[0]).toBe('in the stack trace, line 3');
  });

  it('names the line of the frame in this very file', async () => {
    const workspace = await indexed({
      'a/utils.py': 'def first():\n    pass\n',
      'b/utils.py': 'def second():\n    pass\n',
      'c/my_utils.py': 'def third():\n    pass\n',
    });
    const task =
      'Traceback:\n  File "a/utils.py", line 3, in first\n  File "b/utils.py", line 9, in second\nError';
    const { hits } = await workspace.locate({ task });
    const reasons = new Map(hits.map((hit) => [hit.path, hit.reasons[0]]));
    expect(reasons.get('a/utils.py')).toBe('in the stack trace, line 3');
    expect(reasons.get('b/utils.py')).toBe('in the stack trace, line 9');
    expect(reasons.get('c/my_utils.py') ?? '').not.toContain('trace');
  });
});

describe('grep', () => {
  it('finds lines with their definition, within the filter', async () => {
    const workspace = await indexed(FILES);
    const { hits, truncated } = await workspace.grep({ pattern: 'this.routes' });
    expect(hits.map(({ path, line, symbol }) => `${path}:${line} ${symbol}`)).toEqual([
      'src/router.ts:5 Router.add',
      'src/router.ts:8 Router.match',
    ]);
    expect(truncated).toBe(false);
    expect(hits[0]?.hash).toBe((await workspace.readLines('src/router.ts')).hash);
    const lines = async (paths: string[]) =>
      (await workspace.grep({ pattern: 'cookie', ignoreCase: true, filter: { paths } })).hits.map(
        ({ path }) => path,
      );
    expect(new Set(await lines(['docs']))).toEqual(new Set(['docs/guide.md']));
    expect(new Set(await lines(['./src/']))).toEqual(new Set(['src/cookie.ts']));
    expect(new Set(await lines(['*.ts', '!test']))).toEqual(new Set(['src/cookie.ts']));
    expect((await workspace.grep({ pattern: 'cookie', limit: 1 })).truncated).toBe(true);
    const tight = await workspace.grep({ pattern: 'o', maxTokens: 60 });
    expect([tight.truncated, tight.hits.length > 0, tight.hits.length < 6]).toEqual([true, true, true]);
    expect(await errorOf(() => workspace.grep({ pattern: '(', regex: true }))).toBe('invalid_pattern');
    expect((await workspace.grep({ pattern: '(header: string)' })).hits).toHaveLength(1);
  });

  it('sees an edit made before the call', async () => {
    const workspace = await indexed(FILES);
    writeFileSync(join(workspace.root, 'src/new.ts'), 'export const freshlyWritten = 1;\n');
    const { hits } = await workspace.grep({ pattern: 'freshlyWritten' });
    expect(hits.map(({ path, symbol }) => `${path} ${symbol}`)).toEqual(['src/new.ts freshlyWritten']);
  });
});

describe('a workspace', () => {
  it('tells what it holds', async () => {
    const workspace = await indexed({
      ...FILES,
      'logo.png': '\u0089PNG\0\0\0',
      '.gitignore': 'out/\n',
      'out/x.ts': 'ignored',
    });
    const status = await workspace.status();
    expect(status).toMatchObject({ state: 'ready', files: 6, history: { state: 'ready', commits: 1 } });
    expect(status.languages).toMatchObject({ typescript: 3, markdown: 1, json: 1 });
    expect(status.kinds).toMatchObject({ test: 1, doc: 1 });
    expect(status.skippedFiles).toEqual([{ path: 'logo.png', reason: 'binary' }]);
    expect(status.chunks).toBeGreaterThan(4);
    const listed = await workspace.files({ prefix: 'src/' });
    expect(listed.map(({ path, language, kind }) => `${path} ${language} ${kind}`)).toEqual([
      'src/cookie.ts typescript code',
      'src/router.ts typescript code',
    ]);
    expect((await workspace.files({ after: 'src/cookie.ts', limit: 1 })).map(({ path }) => path)).toEqual([
      'src/router.ts',
    ]);
    writeFileSync(join(workspace.root, 'src/zoo.ts'), 'export const zoo = 1;\n');
    expect((await workspace.files({ prefix: 'src/z' })).map(({ path }) => path)).toEqual(['src/zoo.ts']);
  });

  it('shows a file as outline and chunks', async () => {
    const workspace = await indexed(FILES);
    const outline = await workspace.outline('src/router.ts');
    expect(
      outline.map(({ name, kind, depth, start }) => `${'  '.repeat(depth)}${name} ${kind} ${start}`),
    ).toEqual(['Router class 1', '  routes field 2', '  add method 4', '  match method 7']);
    const chunks = await workspace.chunks('src/cookie.ts');
    expect(chunks.map(({ start, end }) => `${start}-${end}`)).toEqual(['1-8']);
    expect(chunks[0]?.fields.name).toContain('parseCookie');
    for (const path of ['nowhere.ts', '../outside.ts', '', 'src', '.git/config']) {
      expect(await errorOf(() => workspace.outline(path))).toMatch(/path_not_found|path_outside_root/);
      expect(await errorOf(() => workspace.chunks(path))).toMatch(/path_not_found|path_outside_root/);
    }
  });

  it('reads lines as they are on disk, clamped to the file', async () => {
    const workspace = await indexed({ 'a.txt': 'one\r\ntwo\r\nthree', 'empty.txt': '' });
    const read = async (start?: number, end?: number) => {
      const { text, start: from, end: to } = await workspace.readLines('a.txt', start, end);
      return `${from}-${to}: ${text.replaceAll('\n', '|')}`;
    };
    expect(await read()).toBe('1-3: one|two|three');
    expect(await read(2, 2)).toBe('2-2: two');
    expect(await read(0, 99)).toBe('1-3: one|two|three');
    expect(await read(99, 100)).toBe('3-3: three');
    expect(await read(3, 1)).toBe('3-3: three');
    expect(await read(-5, 1)).toBe('1-1: one');
    expect(await workspace.readLines('empty.txt')).toMatchObject({ text: '', lineCount: 0 });
    writeFileSync(join(workspace.root, 'a.txt'), 'changed\n');
    expect(await read()).toBe('1-1: changed');
  });

  it('reads nothing outside the root, ignored, secret or through a link', async () => {
    const outside = tempTree({ 'secret.txt': 'outside' });
    const root = repository({ 'a.txt': 'inside\n', '.gitignore': 'ignored.txt\n' });
    writeFileSync(join(root, 'ignored.txt'), 'ignored\n');
    writeFileSync(join(root, '.env'), 'TOKEN=1\n');
    writeFileSync(join(root, 'id_rsa'), 'PRIVATE\n');
    symlinkSync(join(outside, 'secret.txt'), join(root, 'link.txt'));
    symlinkSync(outside, join(root, 'folder'));
    const workspace = await (await testEngine()).openWorkspace(root);
    await workspace.index();
    const attempts = [
      '../secret.txt',
      '/etc/passwd',
      'a/../../x',
      'link.txt',
      'folder/secret.txt',
      'ignored.txt',
      '.env',
      'id_rsa',
    ];
    attempts.push(
      '.git/config',
      './a.txt\0',
      '',
      '.',
      '..',
      'a.txt/',
      'C:\\x',
      '\\\\host\\x',
      join(root, 'a.txt'),
    );
    for (const path of attempts) {
      expect([path, await errorOf(() => workspace.readLines(path))]).toEqual([
        path,
        expect.stringMatching(/^path_(outside_root|not_found)$/),
      ]);
    }
    expect(await errorOf(() => workspace.readLines('../secret.txt'))).toBe('path_outside_root');
    expect(await errorOf(() => workspace.readLines('nowhere.txt'))).toBe('path_not_found');
    expect((await workspace.grep({ pattern: 'TOKEN|PRIVATE|outside|ignored$', regex: true })).hits).toEqual(
      [],
    );
  });

  it('answers while its first index is being built, and says so', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`src/m${i}.ts`, `export const value${i} = ${i};\n`]),
    );
    const workspace = await (await testEngine()).openWorkspace(repository(files));
    const first = await workspace.search({ query: 'value7' });
    expect(first.freshness.state).toBe('building');
    expect((await workspace.status()).state).toBe('building');
    expect(
      (await workspace.grep({ pattern: 'value7' })).truncated || (await workspace.status()).state === 'ready',
    ).toBe(true);
    await workspace.index();
    expect((await pathsFor(workspace, 'value7'))[0]).toBe('src/m7.ts');
    expect((await workspace.status()).state).toBe('ready');
  });

  it('forgets its index when asked, and builds it again', async () => {
    const workspace = await indexed(FILES);
    writeFileSync(join(workspace.root, 'src/late.ts'), 'export const lateAddition = 1;\n');
    expect(await pathsFor(workspace, 'lateAddition')).toEqual(['src/late.ts']);
    await workspace.clear();
    const status = await workspace.status();
    expect(status).toMatchObject({ state: 'empty', files: 0, chunks: 0 });
    await workspace.index();
    expect((await pathsFor(workspace, 'parseCookie'))[0]).toBe('src/cookie.ts');
    expect(await pathsFor(workspace, 'lateAddition')).toEqual(['src/late.ts']);
  });

  it('runs indexing as a job that can be asked for and cancelled', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`src/m${i}.ts`, `export function f${i}() {}\n`]),
    );
    const workspace = await (await testEngine()).openWorkspace(repository(files));
    const job = workspace.startIndexing();
    expect(job.state).toBe('running');
    expect(workspace.startIndexing().id).toBe(job.id);
    expect(workspace.cancelJob(job.id)?.id).toBe(job.id);
    expect(workspace.job('unknown')).toBeUndefined();
    await expect.poll(() => workspace.job(job.id)?.state).toMatch(/cancelled|done/);
    const report = await workspace.index();
    expect(report.complete).toBe(true);
    expect((await workspace.status()).files).toBe(500);
    const progress: string[] = [];
    const rebuilt = await workspace.index({ rebuild: true, onProgress: ({ phase }) => progress.push(phase) });
    expect(rebuilt).toMatchObject({ indexed: 500, reused: 0, complete: true });
    expect(progress).toContain('done');
    expect(await workspace.index()).toMatchObject({ indexed: 0, reused: 500 });
    const controller = new AbortController();
    controller.abort();
    expect((await workspace.index({ rebuild: true, signal: controller.signal })).complete).toBe(false);
    expect((await pathsFor(workspace, 'f7'))[0]).toBe('src/m7.ts');
  });

  it('rebuilds when asked, also while it is being indexed', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`src/m${i}.ts`, `export function f${i}() {}\n`]),
    );
    const workspace = await (await testEngine()).openWorkspace(repository(files));
    const [first, second] = await Promise.all([workspace.index(), workspace.index({ rebuild: true })]);
    expect(first.complete).toBe(true);
    expect(second).toMatchObject({ indexed: 200, complete: true });
  });

  it('looks at single paths when told of them', async () => {
    const workspace = await indexed(FILES);
    writeFileSync(join(workspace.root, 'src/told.ts'), 'export const toldOf = 1;\n');
    rmSync(join(workspace.root, 'docs/guide.md'));
    const report = await workspace.index({
      paths: ['src/told.ts', 'docs/guide.md', '../outside.ts', 'nowhere.ts'],
    });
    expect(report.complete).toBe(true);
    expect(await pathsFor(workspace, 'toldOf')).toEqual(['src/told.ts']);
    expect((await workspace.files()).map(({ path }) => path)).not.toContain('docs/guide.md');
  });

  it('leaves timers and others their turns when it is asked in a tight loop', async () => {
    const workspace = await indexed(FILES);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    for (let i = 0; i < 50; i++) await workspace.search({ query: 'cookie' });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  it('gives up when the caller does', async () => {
    const workspace = await indexed(FILES);
    const controller = new AbortController();
    controller.abort();
    expect(await errorOf(() => workspace.search({ query: 'x' }, { signal: controller.signal }))).toBe(
      'cancelled',
    );
    expect(await errorOf(() => workspace.locate({ task: 'x' }, { signal: controller.signal }))).toBe(
      'cancelled',
    );
    expect(await errorOf(() => workspace.grep({ pattern: 'x' }, { signal: controller.signal }))).toBe(
      'cancelled',
    );
  });
});

describe('roots', () => {
  it('must be folders that can be read', async () => {
    const engine = await testEngine();
    const root = tempTree({ 'file.txt': 'x' });
    expect(await errorOf(() => engine.openWorkspace(join(root, 'nowhere')))).toBe('root_missing');
    expect(await errorOf(() => engine.openWorkspace(join(root, 'file.txt')))).toBe('root_not_directory');
    expect(await errorOf(() => engine.openWorkspace(''))).toBe('root_missing');
    mkdirSync(join(root, 'closed'));
    chmodSync(join(root, 'closed'), 0);
    // Whoever may read everything is not refused.
    if (process.getuid?.() !== 0)
      expect(await errorOf(() => engine.openWorkspace(join(root, 'closed')))).toBe('root_unreadable');
    chmodSync(join(root, 'closed'), 0o700);
  });

  it('may be empty, or no repository', async () => {
    const engine = await testEngine();
    const empty = await engine.openWorkspace(tempTree());
    await empty.index();
    expect(await empty.status()).toMatchObject({
      state: 'ready',
      files: 0,
      chunks: 0,
      history: { state: 'none' },
    });
    expect((await empty.search({ query: 'anything' })).hits).toEqual([]);
    expect((await empty.locate({ task: 'anything at all' })).hits).toEqual([]);
    expect((await empty.grep({ pattern: 'anything' })).hits).toEqual([]);
    const plain = await engine.openWorkspace(tempTree({ 'a.py': 'def alone():\n    pass\n' }));
    await plain.index();
    const answer = await plain.search({ query: 'alone' });
    expect(places(answer)).toEqual(['a.py:1-2 alone']);
    expect(answer.freshness.commit).toBeUndefined();
  });

  it('opened twice are one workspace, and open again after closing', async () => {
    const home = tempHome();
    const engine = await testEngine({ home });
    const root = repository(FILES);
    const [a, b] = await Promise.all([engine.openWorkspace(root), engine.openWorkspace(`${root}/`)]);
    expect(a).toBe(b);
    await a.index();
    await a.close();
    const again = await engine.openWorkspace(root);
    expect(again).not.toBe(a);
    expect((await again.status()).state).toBe('ready');
    expect((await pathsFor(again, 'parseCookie'))[0]).toBe('src/cookie.ts');
  });
});
