/** Questions answered by threads: the same answers, as fresh as one's own, whatever happens to thread, index or commits meanwhile. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeTree } from '../adapters/sources/testing/temp-tree.ts';
import { cacheFolder } from '../adapters/stores/cache-home.ts';
import type { Engine, Workspace } from '../engine.ts';
import { openEngine } from '../open-engine.ts';
import type { Stage } from '../ports/observer.ts';
import { commit, pathsFor, places, repository, tempHome } from '../testing/open-workspace.ts';

const FILES = {
  'src/session.ts':
    'import { store } from "./store.ts";\nexport function endSession(id: string) {\n  return store(id);\n}\n',
  'src/store.ts': 'export function store(id: string) {\n  return id.trim();\n}\n',
  'docs/notes.md': '# Sessions\n\nA session ends when its store is told.\n',
};

interface Opened {
  readonly home: string;
  readonly engine: Engine;
  readonly workspace: Workspace;
  /** Whether a thread answered what was asked meanwhile: this one then scores nothing. */
  isElsewhere(ask: () => Promise<unknown>): Promise<boolean>;
}

async function open(questionThreads = 1, files: Readonly<Record<string, string>> = FILES): Promise<Opened> {
  let scored = 0;
  const observer = {
    stage<T>(stage: Stage, work: () => T): T {
      if (stage === 'lexical') scored++;
      return work();
    },
  };
  const home = tempHome();
  const engine = await openEngine({ home, workers: 1, adapts: false, questionThreads, observer });
  onTestFinished(() => engine.close());
  const workspace = await engine.openWorkspace(repository(files));
  await workspace.index();
  await workspace.watch();
  // The first answer after it scans once more.
  await workspace.search({ query: 'warm' });
  const isElsewhere = async (ask: () => Promise<unknown>) => {
    const before = scored;
    await ask();
    return scored === before;
  };
  return { home, engine, workspace, isElsewhere };
}

const QUERY = { query: 'when does a session end' };

async function untilElsewhere({ workspace, isElsewhere }: Opened): Promise<void> {
  await expect.poll(() => isElsewhere(() => workspace.search(QUERY)), { timeout: 30_000 }).toBe(true);
}

/** Of the call or of the moment, not of the answer. */
const MOVING = new Set(['ms', 'checkMs', 'generation']);

function facts(answer: object): unknown {
  return JSON.parse(JSON.stringify(answer, (key, value: unknown) => (MOVING.has(key) ? undefined : value)));
}

describe('a question that a thread answers', () => {
  it('gets the answer that this thread would give', async () => {
    const opened = await open();
    const { workspace, isElsewhere } = opened;
    const requests = [
      QUERY,
      { query: 'store', limit: 1, explain: true },
      { query: 'store', limit: 1, offset: 1 },
      { query: '"id.trim()"' },
      { query: '', like: { path: 'src/store.ts', start: 1, end: 3 } },
    ];
    // Until then nobody else can.
    const own = [];
    for (const request of requests) own.push(facts(await workspace.search(request)));
    const task = { task: 'sessions should keep their id in the store' };
    const located = facts(await workspace.locate(task));
    await untilElsewhere(opened);
    for (const [at, request] of requests.entries()) {
      let answer: object = {};
      expect(await isElsewhere(async () => (answer = await workspace.search(request)))).toBe(true);
      expect(facts(answer)).toEqual(own[at]);
    }
    expect(facts(await workspace.locate(task))).toEqual(located);
    const nowhere = { query: '', like: { path: 'src/nowhere.ts', start: 1, end: 3 } };
    await expect(workspace.search(nowhere)).rejects.toMatchObject({ code: 'path_not_found' });
  });

  it('sees every edit before it: writes, deletions, new folders', async () => {
    const opened = await open(2);
    const { workspace } = opened;
    await untilElsewhere(opened);
    let elsewhere = 0;
    for (let round = 0; round < 8; round++) {
      const word = `quince${String.fromCharCode(97 + round)}x`;
      const path = `src/deep${round % 3}/file${round}.ts`;
      writeTree(workspace.root, { [path]: `export const ${word} = ${round};\n` });
      const both = await Promise.all([pathsFor(workspace, word), pathsFor(workspace, word)]);
      for (const paths of both) expect(paths[0]).toBe(path);
      rmSync(join(workspace.root, path));
      const gone = async () => expect(await pathsFor(workspace, word)).not.toContain(path);
      if (await opened.isElsewhere(gone)) elsewhere++;
    }
    expect(elsewhere).toBeGreaterThan(0);
    await untilElsewhere(opened);
  });

  it('rests on the commits that this thread has read', async () => {
    const opened = await open();
    const { workspace } = opened;
    await untilElsewhere(opened);
    const newest = async () => (await workspace.basis()).id?.split(' ')[3];
    const before = await newest();
    commit(workspace.root, { 'src/store.ts': `${FILES['src/store.ts']}// told\n` }, 'the quokka is told');
    await expect.poll(newest, { timeout: 20_000 }).not.toBe(before);
    const own = places(await workspace.search({ query: 'quokka told' }));
    await untilElsewhere(opened);
    expect(places(await workspace.search({ query: 'quokka told' }))).toEqual(own);
  });

  it('is answered by this thread while the index is built, and after it was cleared', async () => {
    const opened = await open();
    const { workspace, isElsewhere } = opened;
    await untilElsewhere(opened);
    await workspace.clear();
    expect((await workspace.search(QUERY)).freshness.state).toBe('building');
    await workspace.index();
    expect(places(await workspace.search(QUERY)).length).toBeGreaterThan(0);
    await untilElsewhere(opened);
    const job = workspace.startIndexing({ rebuild: true });
    expect(await isElsewhere(() => workspace.search(QUERY))).toBe(false);
    await expect.poll(() => workspace.job(job.id)?.state).toBe('done');
    await untilElsewhere(opened);
  });

  it('is answered from the index that is made when the one of thread and caller was removed', async () => {
    const opened = await open();
    const { home, workspace } = opened;
    await untilElsewhere(opened);
    rmSync(cacheFolder(home), { recursive: true });
    writeTree(workspace.root, { 'src/late.ts': 'export const lateLever = 1;\n' });
    expect(await pathsFor(workspace, 'lateLever')).toEqual(['src/late.ts']);
    // Publishing the edit finds that the file is gone.
    await expect.poll(() => existsSync(cacheFolder(home)), { timeout: 20_000 }).toBe(true);
    await workspace.index();
    await untilElsewhere(opened);
    writeTree(workspace.root, { 'src/later.ts': 'export const laterLever = 2;\n' });
    // Lever is a word of both.
    expect((await pathsFor(workspace, 'laterLever'))[0]).toBe('src/later.ts');
    expect((await pathsFor(workspace, 'lateLever'))[0]).toBe('src/late.ts');
  });

  it('ends for who gives up, with his reason', async () => {
    const opened = await open();
    const { workspace } = opened;
    await untilElsewhere(opened);
    await expect(workspace.search(QUERY, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const controller = new AbortController();
    const asked = workspace.search(QUERY, { signal: controller.signal });
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    await untilElsewhere(opened);
  });
});
