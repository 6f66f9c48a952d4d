/** `callers`, `callees`, `references`, `definition` over a small repository: text in, text out. */
import { rmSync, writeFileSync } from 'node:fs';
import { RelationsOutput } from '@conexus/sdk/contract';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { estimateTokens } from '../render/text.ts';
import { makeRepository, temporaryFolder, writeFiles } from '../testing/run-command.ts';
import { runInProcess } from '../testing/run-in-process.ts';

const SHOP = {
  'src/store.ts': [
    'export class Store {',
    '  publish(item: string) { return this.write(item) }',
    '  private write(item: string) { return item }',
    '}',
    'export function open() { return new Store() }',
    '',
  ].join('\n'),
  'src/save.ts': [
    "import { open } from './store.ts'",
    'export function save(item: string) {',
    '  open().publish(item)',
    '}',
    'export function later(handlers: any, item: string) {',
    '  handlers.find(item).publish(item)',
    '}',
    '',
  ].join('\n'),
  'src/main.ts': "import { save } from './save.ts'\nexport function main() { save('a') }\nmain()\n",
  'src/other.ts': 'export function run() {}\n',
  'src/again.ts': 'export function run() {}\nfunction alone() {}\nrun()\n',
  'tools/clean.scala': 'def clean =\n  publish(1)\n  publishers\n',
};

let root = '';
let home = '';
beforeAll(() => {
  root = makeRepository(SHOP);
  home = temporaryFolder('home');
});
afterAll(() => {
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

const env = () => ({ CONEXUS_HOME: home, CONEXUS_EMBEDDER: 'none' });
const run = (...args: string[]) => runInProcess([...args, '--root', root], { env: env() });

/** Without times, hashes and generations, which differ from run to run. */
const steady = (text: string) => text.replace(/^.*Index: .*$/m, 'Index: …');

async function json(...args: string[]): Promise<RelationsOutput> {
  const { out } = await run(...args, '--json');
  return RelationsOutput.parse(JSON.parse(out));
}

describe('an answer that lists nothing', () => {
  it('says why, as a value that a program can read', async () => {
    const why = async (...args: string[]) => (await json(...args)).empty_because;
    expect(await why('callers', 'Store.publish')).toBeUndefined();
    expect(await why('callers', 'publishers')).toBe('name_unknown');
    expect(await why('callers', 'run')).toBe('name_ambiguous');
    expect(await why('callees', 'later')).toBe('unresolved_calls');
    expect(await why('callers', 'alone')).toBe('not_all_followed');
    const small = makeRepository({
      'a.ts': 'function alone() {}\nexport function called() {}\nexport function offered() {}\ncalled();\n',
    });
    onTestFinished(() => rmSync(small, { recursive: true, force: true }));
    const asked = async (command: string, name: string) => {
      const { out } = await runInProcess([command, name, '--json', '--root', small], { env: env() });
      return JSON.parse(out) as { empty_because?: string; complete: boolean };
    };
    for (const command of ['callers', 'impact']) {
      expect(await asked(command, 'alone')).toMatchObject({ empty_because: 'none', complete: true });
      expect((await asked(command, 'called')).empty_because).toBeUndefined();
    }
    expect(await asked('callers', 'offered')).toMatchObject({ empty_because: 'notes', complete: false });
    const diff = await runInProcess(['impact', '--diff', 'HEAD', '--json', '--root', small], { env: env() });
    expect(JSON.parse(diff.out)).toMatchObject({ empty_because: 'nothing_changed' });
  });
});

describe('conexus callers', () => {
  it('lists calls with their lines, unresolved ones apart, and what the graph does not cover', async () => {
    const { out, code } = await run('callers', 'Store.publish');
    expect(code).toBe(0);
    expect(steady(out)).toMatchInlineSnapshot(`
      "1 caller of Store.publish — method, src/store.ts:2-2, in 1 file; 1 unresolved call named like it may be more.

      src/save.ts
        3 in save: open().publish(item)

      src/save.ts — unresolved
        6 in later: handlers.find(item).publish(item)

      Mentions of the word “publish” in files that the graph does not cover, not resolved:
      - tools/clean.scala:2 \`publish(1)\`

      Note: publish is exported: code outside this repository may call it, which nothing here can see
      Covers 15 definitions of typescript; no graph for scala (1 file).
      Index: …
      "
    `);
  });

  it('follows callers to a depth, each with the step it takes', async () => {
    const { results } = await json('callers', 'write', '--depth', '3');
    expect(
      results.map(({ depth, symbol, via, path, line }) => `${depth} ${symbol} -> ${via} ${path}:${line}`),
    ).toEqual([
      '1 src.store.Store.publish -> undefined src/store.ts:2',
      '2 src.save.save -> src.store.Store.publish src/save.ts:3',
      '3 src.main.main -> src.save.save src/main.ts:2',
    ]);
  });

  it('asks back where several definitions have the name, with the next call', async () => {
    const { out, code } = await run('callers', 'run');
    expect(code).toBe(1);
    expect(steady(out)).toMatchInlineSnapshot(`
      "2 definitions are named “run”: choose one, or ask for all.

      Definitions:
      - run — function, src/again.ts:1-1 (id src.again.run)
      - run — function, src/other.ts:1-1 (id src.other.run)
      Next: conexus callers src.again.run

      Covers 15 definitions of typescript; no graph for scala (1 file).
      Index: …
      "
    `);
    const all = await json('callers', 'run', '--all');
    expect(all.results.map(({ path, line }) => `${path}:${line}`)).toEqual(['src/again.ts:3']);
    const one = await json('callers', 'run', '--path', 'src/other.ts');
    expect(one).toMatchObject({ state: 'found', resolved: 0, complete: false });
  });

  it('never says that there is no caller while one may be hidden', async () => {
    const { out, code } = await run('callers', 'src.other.run');
    expect(code).toBe(1);
    expect(out).toMatch(/^No caller of run .* was resolved, which does not prove that there is none/);
    expect(out).toContain('run is exported: code outside this repository may call it');
    expect(out).not.toMatch(/\b0 callers/);
  });

  it('shows exact words where the graph knows no such definition', async () => {
    const { out, code } = await run('callers', 'publishers');
    expect(code).toBe(1);
    expect(out).toMatch(/^No definition named “publishers” is in the graph/);
    expect(out).toContain(
      'Mentions of the word “publishers”, not resolved:\n- tools/clean.scala:3 `publishers`',
    );
    expect(out).toContain('no graph for scala (1 file)');
  });

  it('takes a place or a file for a name', async () => {
    expect((await json('callers', 'src/save.ts:3')).targets[0]?.id).toBe('src.save.save');
    expect((await json('callers', './src/save.ts')).results.map(({ path }) => path)).toEqual(['src/main.ts']);
    expect((await json('callers', `${root}/src/save.ts:3`)).targets[0]?.id).toBe('src.save.save');
    const outside = await run('callers', '/etc/passwd');
    expect(outside.err).toContain('leaves the repository');
  });

  it('sees an edit made just before, and forgets what is gone', async () => {
    writeFileSync(
      `${root}/src/new.ts`,
      "import { save } from './save.ts'\nexport const go = () => save('x')\n",
    );
    expect((await json('callers', 'save')).results.map(({ path }) => path)).toEqual([
      'src/main.ts',
      'src/new.ts',
    ]);
    rmSync(`${root}/src/new.ts`);
    expect((await json('callers', 'save')).results.map(({ path }) => path)).toEqual(['src/main.ts']);
  });
});

describe('the other relations', () => {
  it('list callees, references and definitions', async () => {
    expect(
      (await json('callees', 'later')).results.map(({ callee, resolution }) => `${callee} ${resolution}`),
    ).toEqual(['handlers.find unresolved', 'handlers.find(item).publish unresolved']);
    const references = await json('references', 'open');
    expect(references.results.map(({ kind, path, line }) => `${kind} ${path}:${line}`).sort()).toEqual([
      'calls src/save.ts:3',
      'imports src/save.ts:1',
    ]);
    const { out } = await run('definition', 'publish');
    expect(out).toContain('src/store.ts\n  2 publish(item: string) { return this.write(item) }');
  });
});

describe('a symbol with many callers', () => {
  let many = '';
  beforeAll(() => {
    many = temporaryFolder('many');
    const calls = Array.from({ length: 500 }, (_, i) => `def f${i}():\n    log(${i})\n`).join('');
    for (let file = 0; file < 20; file++)
      writeFiles(many, { [`m${file}.py`]: `from log import log\n${calls}` });
    writeFiles(many, { 'log.py': 'def log(x):\n    return x\n' });
  });
  afterAll(() => rmSync(many, { recursive: true, force: true }));

  it('is counted and paged: 10,000 callers, each once', async () => {
    const seen = new Set<string>();
    let cursor: string | undefined;
    for (let page = 0; page < 3; page++) {
      const args = [
        'callers',
        'log.log',
        '--limit',
        '1000',
        ...(cursor === undefined ? [] : ['--cursor', cursor]),
      ];
      const { out } = await runInProcess([...args, '--json', '--root', many, '--max-tokens', '50000'], {
        env: env(),
      });
      expect(estimateTokens(out)).toBeLessThanOrEqual(50_000);
      const answer = RelationsOutput.parse(JSON.parse(out));
      expect(answer).toMatchObject({ resolved: 10_000, files: 20 });
      for (const { path, line } of answer.results) seen.add(`${path}:${line}`);
      expect(answer.omitted.results).toBe(10_000 - seen.size);
      cursor = answer.next_cursor;
    }
    expect(seen.size).toBeGreaterThan(1_000);
  });
});
