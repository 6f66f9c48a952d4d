import { copyFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockFile } from '../adapters/stores/file-lock.ts';
import { places, repository, tempHome, testEngine } from '../testing/open-workspace.ts';

/** Modules that call a cache a "larder" and an eviction a "purge": words that only this repository uses so. */
function larderRepository(): string {
  const files: Record<string, string> = {};
  for (let i = 0; i < 220; i++) {
    files[`src/larder${i}.ts`] = [
      '/** Evicts stale entries from the cache when memory is low. */',
      `export function purgeLarder${i}(shelf: Map<string, number>, limit: number): void {`,
      '  for (const [jar, age] of shelf) {',
      '    if (age > limit) shelf.delete(jar);',
      '  }',
      '}',
      '',
      '/** Sends a message to every subscriber of the channel. */',
      `export function ringBell${i}(listeners: readonly ((text: string) => void)[], text: string): void {`,
      '  for (const listener of listeners) listener(text);',
      '}',
      '',
      '/** Splits a header line into its name and its value. */',
      `export function cutRibbon${i}(line: string): [string, string] {`,
      "  const at = line.indexOf(':');",
      '  return [line.slice(0, at), line.slice(at + 1)];',
      '}',
      '',
    ].join('\n');
  }
  // The one that is looked for: its comment is gone, and no word of the question is in it.
  files['src/pantry.ts'] = [
    'export function purgeLarderNow(shelf: Map<string, number>): void {',
    '  for (const jar of shelf.keys()) shelf.delete(jar);',
    '}',
    '',
  ].join('\n');
  return repository(files);
}

const meaningOf = async (workspace: Awaited<ReturnType<typeof open>>) => {
  const { hits } = await workspace.search({
    query: 'evict stale cache entries',
    filter: { paths: ['src/pantry.ts'] },
    explain: true,
  });
  return hits[0]?.terms?.find(({ name }) => name === 'meaning')?.value ?? 0;
};

async function open(root: string, options: Parameters<typeof testEngine>[0] = {}) {
  return (await testEngine(options)).openWorkspace(root);
}

/** Ids of the models that the store has vectors of. */
function modelsIn(file: string): string[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare('SELECT DISTINCT model FROM vector ORDER BY model').all();
  db.close();
  return rows.map((row) => String(row['model']));
}

function addRows(file: string, ...models: string[]): void {
  const db = new DatabaseSync(file);
  const insert = db.prepare(
    'INSERT INTO vector (segment, model, crc, bytes) SELECT id, ?, 0, zeroblob(1) FROM segment',
  );
  for (const model of models) insert.run(model);
  db.close();
}

/** Values of the term `meaning` in the hits of a query, best first. */
async function meaningsOf(workspace: Awaited<ReturnType<typeof open>>, query: string): Promise<number[]> {
  const { hits } = await workspace.search({ query, explain: true });
  return hits.map(({ terms }) => terms?.find(({ name }) => name === 'meaning')?.value ?? 0);
}

describe('words of other scripts', () => {
  it('are left to the words themselves by the shipped model', async () => {
    const workspace = await open(
      repository({
        'src/a.ts':
          '/** 期限切れの項目を削除する */\nexport function evict(cache: Map<string, number>) { cache.clear(); }\n',
        'src/b.ts': 'export function send(listener: (text: string) => void) { listener("x"); }\n',
      }),
      { adapts: false },
    );
    await workspace.index();
    const japanese = await meaningsOf(workspace, '期限切れの項目を削除する');
    expect(japanese.length).toBeGreaterThan(0);
    expect(new Set(japanese)).toEqual(new Set([0]));
    const [english = 0] = await meaningsOf(workspace, 'how are stale cache entries evicted');
    const [mixed = 0] = await meaningsOf(workspace, 'how are stale cache entries evicted 期限切れの項目');
    expect(english).toBeGreaterThan(0);
    expect(mixed).toBeGreaterThan(0);
    expect(mixed).toBeLessThan(english);
  });
});

describe('meaning', () => {
  it('finds a chunk that has no word of the question', async () => {
    const workspace = await open(
      repository({
        'src/resilience.ts':
          'export class Resilience {\n  async attempt(call: () => Promise<void>) {\n    for (let i = 0; i < 5; i++) {\n      try { return await call(); } catch { await sleep(2 ** i * 100); }\n    }\n  }\n}\n',
        'src/paint.ts': 'export function paint(canvas: Canvas) {\n  canvas.fill("red");\n}\n',
        'src/parse.ts': 'export function parseDate(text: string) {\n  return new Date(text);\n}\n',
      }),
    );
    await workspace.index();
    expect(places(await workspace.search({ query: 'retry with backoff' }))[0]).toContain('src/resilience.ts');
    const without = await open(workspace.root, { embedder: 'none' });
    await without.index();
    expect(places(await without.search({ query: 'retry with backoff' }))).toEqual([]);
  });

  it('answers for files edited since the index was built', async () => {
    const root = repository({ 'src/a.ts': 'export const nothing = 1;\n' });
    const workspace = await open(root);
    await workspace.index();
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${root}/src/late.ts`, 'export function attemptAgain() {\n  sleep(2 ** tries);\n}\n');
    expect(places(await workspace.search({ query: 'retry with backoff' }))[0]).toContain('src/late.ts');
  });
});

describe('a repository teaches the model its own words', () => {
  it('once, until much has changed; the next process starts with what was learned', {
    timeout: 120_000,
  }, async () => {
    const root = larderRepository();
    const home = tempHome();
    const workspace = await open(root, { home });
    await workspace.index();
    const before = await meaningOf(workspace);
    const { storeFile } = await workspace.status();
    const shipped = modelsIn(storeFile);
    expect(shipped).toHaveLength(1);
    // Of a model that another process taught, and of an embedder that was paid for.
    addRows(storeFile, 'static-0000-128d-p1', 'voyage/code-3');

    const phases = new Set<string>();
    expect(await workspace.adapt({ onProgress: ({ phase }) => phases.add(phase) })).toBe(true);
    expect([...phases]).toEqual(['learning']);
    const after = await meaningOf(workspace);
    expect(after).toBeGreaterThan(before + 0.1);
    const [learned, ...others] = modelsIn(storeFile);
    expect(others).toEqual(['voyage/code-3']);
    expect(learned).toMatch(/^static-/);
    expect(learned).not.toBe(shipped[0]);
    expect(await workspace.adapt()).toBe(false);

    const next = await open(root, { home });
    expect(await meaningOf(next)).toBeCloseTo(after, 6);
    expect(await next.adapt()).toBe(false);
    // Who switched it off gets the shipped model's answers.
    const unadapted = await open(root, { home, adapts: false });
    expect(await meaningOf(unadapted)).toBeCloseTo(before, 6);
    expect(await unadapted.adapt()).toBe(false);
  });

  it('to the same bytes from the same files and commits, however they came into the index', {
    timeout: 120_000,
  }, async () => {
    const root = larderRepository();
    // Two paths with the same bytes: one of them stands for both.
    copyFileSync(join(root, 'src/larder7.ts'), join(root, 'aaa.ts'));
    const learned = async (options: Parameters<typeof testEngine>[0], edit = false) => {
      const workspace = await open(root, { home: tempHome(), ...options });
      if (edit) renameSync(join(root, 'src'), join(root, 'later'));
      await workspace.index();
      if (edit) {
        renameSync(join(root, 'later'), join(root, 'src'));
        for (const i of [3, 50, 120]) await workspace.index({ paths: [`src/larder${i}.ts`] });
        await workspace.index();
      }
      expect(await workspace.adapt()).toBe(true);
      return modelsIn((await workspace.status()).storeFile);
    };
    const one = await learned({ workers: 1 });
    expect(one).toHaveLength(1);
    expect(await learned({ workers: 3 })).toEqual(one);
    expect(await learned({ workers: 2 }, true)).toEqual(one);
  });

  it('in one process of several; the others wait for it, or teach when it is gone, and speak the same model', {
    timeout: 120_000,
  }, async () => {
    const root = larderRepository();
    const home = tempHome();
    const [one, other] = [await open(root, { home }), await open(root, { home })];
    await one.index();
    await other.index();
    const { storeFile } = await one.status();
    // A process that teaches, and dies before it has: the system takes its lock.
    const dying = lockFile(join(dirname(storeFile), 'learning'), 'exclusive', 0);
    let over = 0;
    const teaching = [one, other].map((each) => each.adapt().finally(() => over++));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect([over, modelsIn(storeFile)]).toEqual([0, [(await one.status()).embedder?.model]]);
    dying?.release();
    expect(await Promise.all(teaching)).toEqual([true, true]);
    const [learned, ...more] = modelsIn(storeFile);
    expect(more).toEqual([]);
    for (const each of [one, other]) {
      expect((await each.status()).embedder).toMatchObject({ model: learned, missing: 0 });
      expect(await each.adapt()).toBe(false);
    }
    expect(await meaningOf(other)).toBeCloseTo(await meaningOf(one), 6);
  });

  it('while it waits for another process, not for longer than its caller wants', async () => {
    const workspace = await open(larderRepository());
    await workspace.index();
    const { storeFile } = await workspace.status();
    const held = lockFile(join(dirname(storeFile), 'learning'), 'exclusive', 0);
    onTestFinished(() => held?.release());
    expect(await workspace.adapt({ signal: AbortSignal.timeout(100) })).toBe(false);
    const leaving = workspace.adapt();
    await workspace.close();
    expect(await leaving).toBe(false);
  });

  it('not at all when stopped or too small, and nobody waits for the thread', {
    timeout: 120_000,
  }, async () => {
    const root = larderRepository();
    const workspace = await open(root);
    await workspace.index();
    expect(await workspace.adapt({ signal: AbortSignal.abort() }).catch(() => false)).toBe(false);
    const begun = performance.now();
    expect(await workspace.adapt()).toBe(true);
    const learningMs = performance.now() - begun;
    // Its thread goes on; nobody waits for it.
    const left = await open(root);
    await left.index();
    const leaving = left.adapt().catch(() => false);
    await new Promise((resolve) => setTimeout(resolve, learningMs / 10));
    const started = performance.now();
    await left.close();
    expect(performance.now() - started).toBeLessThan(learningMs / 2);
    expect(await leaving).toBe(false);
    const small = await open(repository({ 'a.ts': 'export const one = 1;\n' }));
    await small.index();
    expect(await small.adapt()).toBe(false);
  });
});
