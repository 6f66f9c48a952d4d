/** Bad input from end to end, with everything real: each thing is a clear error or a counted skip, and nothing is lost. */
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileRepository, listing } from '../testing/hostile-repository.ts';
import {
  cleanEnv,
  LAUNCHER,
  makeRepository,
  runCommand,
  temporaryFolder,
  writeFiles,
} from '../testing/run-command.ts';
import { runInProcess } from '../testing/run-in-process.ts';

const PIPE_MAKER = 'mkfifo';

let root: string;
let home: string;
const others: string[] = [];

const run = (...args: readonly string[]) => runInProcess(args, { cwd: root, env: { CONEXUS_HOME: home } });
const json = async (...args: readonly string[]) => JSON.parse((await run(...args, '--json')).out);

const BAD_FILES = {
  'src/good.ts': 'export function goodWheel() {\n  return 1;\n}\n',
  'src/empty.ts': '',
  'src/crlf.ts': 'export function crlfWheel() {\r\n  return 1;\r\n}\r\n',
  'src/latin.py': Buffer.from('# caf\xe9\ndef latinWheel():\n  return "\xff\xfe\xc0"\n', 'latin1'),
  'src/utf16.cs': Buffer.from('\ufeffclass UtfWheel { void turn() {} }\n', 'utf16le'),
  'src/odd näme ( ) $(x).ts': 'export const oddWheel = 1;\n',
  'src/new\nline.ts': 'export const newlineWheel = 1;\n',
  'data.dat': Buffer.from([0, 1, 2, 3, 0, 255, 254]),
  'src/binary.ts': Buffer.concat([Buffer.from('export const binaryWheel = 1;'), Buffer.alloc(64)]),
  'huge.txt': 'hugeWheel is a line of text\n'.repeat(100_000),
  'src/app.min.js': 'var minWheel=1;',
  'src/packed.js': 'var packedWheel=1;'.repeat(1_000),
  'src/nested.json': `{"nestedWheel":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  'package-lock.json': '{"lockWheel": 1}',
  '.env': 'SECRET_WHEEL=1\n',
  id_rsa: 'keyWheel\n',
  '.gitignore': 'ignored/\n*.log\n',
  'ignored/x.ts': 'export const ignoredWheel = 1;\n',
  'a.log': 'logWheel\n',
};

beforeAll(async () => {
  home = temporaryFolder('home');
  root = makeRepository({ 'src/first.ts': 'export const firstWheel = 1;\n' });
  writeFiles(root, BAD_FILES);
  symlinkSync('.', join(root, 'src/loop'));
  symlinkSync('itself', join(root, 'src/itself'));
  symlinkSync('/etc/passwd', join(root, 'src/passwd'));
  symlinkSync('/etc', join(root, 'etc'));
  symlinkSync('nowhere', join(root, 'src/dangling'));
  // A name that is no UTF-8, and a pipe that nobody writes to.
  writeFileSync(Buffer.from(`${root}/src/inv\xff.ts`, 'latin1'), 'export const nameWheel = 1;\n');
  execFileSync(PIPE_MAKER, [join(root, 'src/pipe.ts')]);
  others.push(home, root);
});
afterAll(() => {
  for (const folder of others) rmSync(folder, { recursive: true, force: true });
});

describe('a repository of bad files', () => {
  it('is indexed, and each file that is not has a reason that is counted', async () => {
    const { code, err } = await run('index');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const status = await json('status');
    expect(status).toMatchObject({
      state: 'ready',
      files: 9,
      skipped: {
        binary: 2,
        too_large: 1,
        minified: 3,
        generated: 1,
        secret: 2,
        ignored: 2,
        special: 1,
        unreadable: 1,
      },
    });
    expect(status.skipped.symlink_loop + status.skipped.symlink_outside).toBe(5);
    const named = status.skipped_files.map(
      ({ path, reason }: { path: string; reason: string }) => `${path} ${reason}`,
    );
    expect(named).toContain('huge.txt too_large');
    expect(named).toContain('.env secret');
    expect(named.join()).not.toContain('ignored/x.ts');
  });

  it.each([
    ['goodWheel', 'src/good.ts'],
    ['crlfWheel', 'src/crlf.ts'],
    ['latinWheel', 'src/latin.py'],
    ['UtfWheel', 'src/utf16.cs'],
    ['oddWheel', 'src/odd näme ( ) $(x).ts'],
    ['newlineWheel', 'src/new\nline.ts'],
  ])('%s is found', async (word, path) => {
    expect((await json('search', word)).results[0].path).toBe(path);
  });

  it.each(['constructor', 'toString', '__proto__'])('%s is no language', async (language) => {
    const { out, err } = await run('search', 'goodWheel', '--lang', language);
    expect(out + err).toContain(`No indexed file is in ${language.toLowerCase()};`);
  });

  it.each([
    'binaryWheel',
    'hugeWheel',
    'minWheel',
    'packedWheel',
    'nestedWheel',
    'lockWheel',
    'SECRET_WHEEL',
    'keyWheel',
    'ignoredWheel',
    'logWheel',
    'nameWheel',
    'root:x:0',
  ])('%s is shown by nothing', async (word) => {
    const answers = [await run('search', word), await run('locate', word), await run('grep', word)];
    // Questions and notes may repeat the word; lines of files must not.
    for (const { out, code } of answers) {
      expect(out.split('\n').filter((line) => /^\s+\d+ /.test(line) && line.includes(word))).toEqual([]);
      expect(code).toBeLessThan(2);
    }
  });
});

describe('questions', () => {
  it.each([
    ['an evil expression', ['grep', '--regex', '(a+)+$']],
    ['an expression too large', ['grep', '--regex', '(x+x+)+y{1000}{1000}']],
    ['a broken expression', ['grep', '--regex', '[']],
    ['look-behind', ['grep', '--regex', '(?<=a)b']],
    ['what looks like a flag', ['grep', '--', '--pre=touch pwned']],
    ['evil globs', ['search', 'wheel', '--path', `${'*a'.repeat(40)}b`]],
    ['100 KB of words', ['search', 'wheel turns '.repeat(8_300)]],
    ['100 KB without a space', ['search', 'aB1'.repeat(33_000)]],
    ['100 KB of quotes', ['search', '"'.repeat(99_000)]],
    ['100 KB of stack trace', ['locate', '  at turn (src/good.ts:1:2)\n'.repeat(3_500)]],
    ['control characters', ['search', '\u0000\u001b[31m\u202e wheel']],
    ['half a surrogate pair', ['search', 'wheel \ud800']],
  ])('%s: answered or refused with advice, in seconds', async (_what, args) => {
    const started = performance.now();
    const { code, out, err } = await run(...args);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect([0, 1, 2]).toContain(code);
    if (code === 2) expect(err).toMatch(/^conexus: .*\.\n {2}\S.*/);
    expect(out + err).not.toMatch(/\n {4}at |internal error/);
  });
});

describe('a hostile repository', () => {
  it('runs nothing of its own and is not written to', { timeout: 40_000 }, async () => {
    const { root: evil, canaries } = hostileRepository({ 'src/a.ts': 'export function evilWheel() {}\n' });
    others.push(evil, canaries);
    const before = listing(evil);
    const env = {
      CONEXUS_HOME: home,
      PATH: `.:${process.env['PATH']}`,
      RIPGREP_CONFIG_PATH: join(evil, '.ripgreprc'),
    };
    for (const args of [
      ['index'],
      ['search', 'evilWheel'],
      ['locate', 'change the evilWheel'],
      ['grep', 'evilWheel'],
      ['status'],
      ['doctor'],
    ]) {
      // A process of its own: what it starts inherits this environment.
      const { code } = await runCommand(args, { cwd: evil, env });
      expect([args[0], code]).toEqual([args[0], 0]);
    }
    expect(readdirSync(canaries)).toEqual([]);
    expect(listing(evil)).toEqual(before);
  });
});

describe('a damaged index', () => {
  it('is rebuilt by the next command, which says so', async () => {
    const store = (await json('status')).store_file as string;
    writeFileSync(store, 'no index at all '.repeat(1_000));
    const { code, out } = await run('search', 'goodWheel');
    expect(code).toBe(0);
    expect(out).toContain('src/good.ts');
    expect(out).toMatch(/note: The index .* cannot be used: .*A new index is built/);
    expect((await run('search', 'goodWheel')).out).not.toContain('cannot be used');
  });

  it('is rebuilt when the damage is met only while answering', async () => {
    const store = (await json('status')).store_file as string;
    const { size } = statSync(store);
    const handle = openSync(store, 'r+');
    for (let at = 16 * 4096; at < size; at += 4096) writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, at);
    closeSync(handle);
    const { code, out } = await run('search', 'goodWheel');
    expect([code, out]).toEqual([0, expect.stringContaining('src/good.ts')]);
    expect((await run('doctor')).code).toBe(0);
  });
});

describe('roots', () => {
  it('an empty folder is answered for with the reason', async () => {
    const empty = temporaryFolder('empty');
    others.push(empty);
    const { code, out } = await run('search', 'anything', '--root', empty);
    expect([code, out]).toEqual([1, expect.stringContaining('No file of this root is indexed')]);
  });

  it('one that goes away is an error, and one that comes back is answered for', async () => {
    const folder = temporaryFolder('comes');
    others.push(folder);
    writeFiles(folder, { 'a.ts': 'export const comingWheel = 1;\n' });
    expect((await run('search', 'comingWheel', '--root', folder)).code).toBe(0);
    rmSync(folder, { recursive: true });
    expect(await run('search', 'comingWheel', '--root', folder)).toMatchObject({
      code: 3,
      err: expect.stringContaining('does not exist'),
    });
    mkdirSync(folder);
    writeFiles(folder, { 'a.ts': 'export const comingWheel = 1;\n' });
    expect((await run('search', 'comingWheel', '--root', folder)).code).toBe(0);
  });
});

describe('an indexing command that is told to end', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s: ends soon, says so, and the next one goes on',
    { timeout: 40_000 },
    async (signal) => {
      const large = makeRepository(
        Object.fromEntries(
          Array.from({ length: 600 }, (_, i) => [
            `src/m${i}.ts`,
            `export function wheel${i}() {\n  return ${i};\n}\n`.repeat(60),
          ]),
        ),
      );
      others.push(large);
      const child = spawn(process.execPath, [LAUNCHER, 'index', '--root', large], {
        env: cleanEnv({ CONEXUS_HOME: home }),
      });
      let text = '';
      child.stdout.on('data', (data: Buffer) => (text += String(data)));
      child.stderr.on('data', (data: Buffer) => (text += String(data)));
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      await new Promise((resolve) => setTimeout(resolve, 900));
      const started = performance.now();
      child.kill(signal);
      const code = await ended;
      expect(performance.now() - started).toBeLessThan(4_000);
      // On a fast machine it was done before the signal.
      expect([0, 130]).toContain(code);
      expect(text).not.toMatch(/\n {4}at /);
      const report = JSON.parse(
        (await runInProcess(['index', '--root', large, '--json'], { env: { CONEXUS_HOME: home } })).out,
      );
      expect(report).toMatchObject({ files: 600, complete: true });
    },
  );
});
