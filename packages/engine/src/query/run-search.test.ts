import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeTree } from '../adapters/sources/testing/temp-tree.ts';
import type { Workspace } from '../engine.ts';
import type { SearchRequest } from '../model/search.ts';
import { openEngine } from '../open-engine.ts';
import { indexed, places } from '../testing/open-workspace.ts';

/** A function of this many lines that has its words on every tenth line. */
const longFunction = (name: string, lines: number) =>
  `export function ${name}() {\n${Array.from({ length: lines }, (_, i) => (i % 10 === 0 ? '  widget(turbine);' : `  step${i}();`)).join('\n')}\n}\n`;

async function allPages(
  workspace: Workspace,
  request: SearchRequest,
  sizes: readonly (readonly [limit: number, maxTokens: number])[],
) {
  const seen: string[] = [];
  let offset: number | undefined = 0;
  for (let page = 0; offset !== undefined && page < 500; page++) {
    const [limit, maxTokens] = sizes[page % sizes.length] as readonly [number, number];
    const answer = await workspace.search({ ...request, offset, limit, maxTokens });
    seen.push(...places(answer));
    offset = answer.omitted.nextOffset;
  }
  return seen;
}

describe('pages', () => {
  it('never repeat a span, whatever their sizes, far down the list and inside long definitions', async () => {
    const files: Record<string, string> = {
      'src/long.ts': longFunction('longOne', 400),
      'src/mid.ts': longFunction('midOne', 100),
    };
    for (let i = 0; i < 150; i++) {
      // Kinds that are demoted differently, so that later candidates would rank before earlier ones.
      const path = i % 3 === 0 ? `test/t${i}.test.ts` : i % 3 === 1 ? `docs/d${i}.md` : `src/s${i}.ts`;
      const chunk = (j: number) =>
        `export function f${i}x${j}() {\n${`  widget(${j});\n  turbine();\n`.repeat(12)}}\n`;
      files[path] = i % 3 === 1 ? `# Widget ${i}\n\nturbine widget\n` : [0, 1, 2, 3].map(chunk).join('\n');
    }
    const workspace = await indexed(files);
    const whole = await allPages(workspace, { query: 'widget turbine', detail: 'locations' }, [[200, 1e6]]);
    const small = await allPages(workspace, { query: 'widget turbine', detail: 'locations' }, [
      [7, 1e6],
      [150, 1e6],
      [30, 2000],
    ]);
    expect(whole.length).toBeGreaterThan(400);
    expect(new Set(whole).size).toBe(whole.length);
    expect(small).toEqual(whole);
  }, 60_000);
});

describe('no cut before the ranking changes it', () => {
  it('what is demoted does not crowd out the rest', async () => {
    const files: Record<string, string> = {};
    // The tests fit a little better, the sources count more: without their standing, 300 tests come first.
    const steps = (count: number, i: number) =>
      Array.from({ length: count }, (_, step) => `  step${i}x${step}();`).join('\n');
    for (let i = 0; i < 400; i++)
      files[`test/t${i}.test.ts`] = `export function t${i}() {\n${steps(10, i)}\n  widget(turbine);\n}\n`;
    for (let i = 0; i < 5; i++)
      files[`src/s${i}.ts`] = `export function s${i}() {\n${steps(16, i)}\n  widget(turbine);\n}\n`;
    const workspace = await indexed(files);
    const first = await workspace.search({ query: 'turbine widget', limit: 5, detail: 'locations' });
    const whole = await workspace.search({
      query: 'turbine widget',
      limit: 200,
      detail: 'locations',
      maxTokens: 1e6,
    });
    expect(first.hits).toEqual(whole.hits.slice(0, 5));
    expect(first.hits.filter(({ kind }) => kind === 'code')).toHaveLength(5);
  }, 60_000);

  it('the chunks of a few large files leave room for other files', async () => {
    const files: Record<string, string> = {};
    for (let i = 0; i < 3; i++) {
      const parts = Array.from({ length: 150 }, (_, part) => longFunction(`large${i}x${part}`, 40));
      files[`src/large${i}.ts`] = parts.join('\n');
    }
    for (let i = 0; i < 20; i++)
      files[`src/small${i}.ts`] = `export function small${i}() {\n  other${i}(turbine);\n}\n`;
    const workspace = await indexed(files);
    const { hits } = await workspace.locate({
      task: 'widget turbine',
      limit: 50,
      detail: 'locations',
      maxTokens: 1e6,
    });
    expect(hits).toHaveLength(23);
  }, 60_000);
});

describe('ranking', () => {
  const files: Record<string, string> = {
    // Alike but for one word, so that nothing but the context tells them apart.
    'src/api/session.ts': 'export class Session {\n  open() {}\n  close() {}\n}\n// http\n',
    'src/db/session.ts': 'export class Session {\n  open() {}\n  close() {}\n}\n// sql\n',
    'src/db/pool.ts': 'export const pool = [];\n',
    'test/session.test.ts': "test('session opens', () => {\n  new Session().open();\n});\n",
    'docs/session.md': '# Session\n\nOpens a session.\n',
    'vendor/lib/session.ts': 'export class Session {\n  open() {}\n}\n',
  };
  let workspace: Workspace;
  beforeAll(async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'conexus-ranking-')));
    const engine = await openEngine({ home: join(folder, 'home'), workers: 1 });
    writeTree(join(folder, 'root'), files);
    workspace = await engine.openWorkspace(join(folder, 'root'));
    await workspace.index();
    return async () => {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    };
  });

  const paths = async (query: string, request: Partial<SearchRequest> = {}) => [
    ...new Set((await workspace.search({ query, ...request })).hits.map(({ path }) => path)),
  ];

  it('puts the place where the asker works first, without leaving others out', async () => {
    const api = await paths('session', { context: { activeFile: 'src/api/session.ts' } });
    const db = await paths('session', { context: { openFiles: ['src/db/session.ts'] } });
    const beside = await paths('session', { context: { activeFile: 'src/db/pool.ts' } });
    expect(api[0]).toBe('src/api/session.ts');
    expect(db[0]).toBe('src/db/session.ts');
    expect(beside[0]).toBe('src/db/session.ts');
    expect([...api].sort()).toEqual([...db].sort());
    expect(
      await paths('session', { context: { activeFile: '../outside', openFiles: ['nowhere.ts', ''] } }),
    ).toHaveLength(api.length);
  });

  it('puts code before tests, documents and what is vendored, unless they are asked for', async () => {
    expect((await paths('session')).slice(0, 2).sort()).toEqual(['src/api/session.ts', 'src/db/session.ts']);
    expect((await paths('session test'))[0]).toBe('test/session.test.ts');
    expect((await paths('session', { filter: { kinds: ['doc'] } }))[0]).toBe('docs/session.md');
  });

  it('is the same each time', async () => {
    const first = await workspace.search({ query: 'open session', explain: true });
    for (let i = 0; i < 3; i++)
      expect((await workspace.search({ query: 'open session', explain: true })).hits).toEqual(first.hits);
  });

  it('bears odd limits', async () => {
    for (const limit of [0, -5, 1.7, 1e9])
      expect((await workspace.search({ query: 'session', limit })).hits.length).toBeGreaterThan(0);
    for (const offset of [-1, 0.5])
      expect((await workspace.search({ query: 'session', offset })).hits.length).toBeGreaterThan(0);
    expect((await workspace.search({ query: 'session', offset: 1e9 })).hits).toEqual([]);
  });
});

describe('meaning word by word', () => {
  it('is not asked of a name', async () => {
    const files = {
      'src/user.ts':
        'export function loadUser(id: string) {\n  const user = db.read(id);\n  check(user);\n  return user;\n}\n\n' +
        'export function saveUser(id: string) {\n  const user = loadUser(id);\n  check(user);\n  return db.write(user);\n}\n',
    };
    const workspace = await indexed(files);
    const { hits } = await workspace.search({ query: 'loadUser', explain: true });
    expect(hits.length).toBeGreaterThan(0);
    expect(hits.flatMap(({ terms = [] }) => terms.map(({ name }) => name))).not.toContain('eachWord');
  });
});

describe('lines that are named', () => {
  /** 30 lines, so that each method is a chunk of its own. */
  const method = (name: string) =>
    [
      `    def ${name}(self):`,
      ...Array.from({ length: 28 }, (_, i) => `        self.widget(${i}, ${JSON.stringify(name)})`),
      '',
    ].join('\n');
  const FILES = {
    'app/session.py': `class Session:\n${['open', 'request', 'send', 'close'].map(method).join('\n')}\n`,
    'app/widget.py': 'def widget(session):\n    return session\n',
  };

  it('come first: of a path with lines however it is written, of a trace, of a diff', async () => {
    const workspace = await indexed(FILES);
    const first = async (query: string) => places(await workspace.search({ query, limit: 1 }))[0];
    for (const query of [
      'app/session.py:70',
      './app/session.py:70-72',
      'app\\session.py:70:3',
      'app/session.py#L70-L72',
      'session.py line 70',
      'Traceback (most recent call last):\n  File "/srv/app/session.py", line 70, in send\n    widget',
    ])
      expect([query, await first(query)]).toEqual([query, 'app/session.py:62-90 Session.send']);
    const hunk =
      '--- a/app/session.py\n+++ b/app/session.py\n@@ -99,3 +99,3 @@ class Session:\n x\n-    y\n+    z\n';
    const located = await workspace.locate({ task: `Review this.\n${hunk}`, limit: 1 });
    expect(places(located)).toEqual(['app/session.py:92-120 Session.close']);
  });

  it('of another version yield to the function that the frame names', async () => {
    const workspace = await indexed(FILES);
    const task = 'It fails.\n  File "/srv/app/session.py", line 40, in close\n    widget\nValueError: 1';
    const { hits } = await workspace.locate({ task, limit: 1 });
    expect(hits.map(({ symbol, reasons }) => [symbol, reasons[0]])).toEqual([
      ['Session.close', 'in the stack trace, line 40'],
    ]);
  });
});
