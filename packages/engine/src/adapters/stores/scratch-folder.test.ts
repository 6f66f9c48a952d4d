import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tempTree } from '../sources/testing/temp-tree.ts';
import { openScratch } from './scratch-folder.ts';

const MODULE = fileURLToPath(new URL('./scratch-folder.ts', import.meta.url));

const folders = (home: string) => readdirSync(join(home, 'cache', 'evaluations'));

function age(path: string, hours: number): void {
  const then = new Date(Date.now() - hours * 3_600_000);
  utimesSync(path, then, then);
}

/** A process that makes a scratch folder with a file in it, says where, and then does `then`. */
async function startHolder(home: string, then: string) {
  const code = `import { openScratch } from ${JSON.stringify(MODULE)};
    import { writeFileSync } from 'node:fs';
    const { path } = openScratch(${JSON.stringify(home)});
    writeFileSync(path + '/x', 'x');
    process.stdout.write(path + '\\n');
    ${then}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, path: line.toString().trim() };
}

test('is private, and gone once removed', () => {
  const home = tempTree();
  const scratch = openScratch(home);
  mkdirSync(join(scratch.path, 'tree'));
  writeFileSync(join(scratch.path, 'tree', 'a.ts'), 'x');
  expect(statSync(scratch.path).mode & 0o077).toBe(0);
  scratch.remove();
  scratch.remove();
  expect(folders(home)).toEqual([]);
});

test('goes with a process that exits, whatever it was at', async () => {
  const home = tempTree();
  const { child, path } = await startHolder(
    home,
    'setTimeout(() => process.exit(130), 10); setInterval(() => {}, 1000);',
  );
  await once(child, 'exit');
  expect(existsSync(path)).toBe(false);
});

test('of a process that was killed goes at the next run, of one that lives stays', async () => {
  const home = tempTree();
  const { child, path } = await startHolder(home, 'setInterval(() => {}, 1000);');
  age(path, 1);
  openScratch(home).remove();
  expect(existsSync(join(path, 'x'))).toBe(true);

  child.kill('SIGKILL');
  await once(child, 'exit');
  age(path, 0);
  openScratch(home).remove();
  expect(existsSync(path)).toBe(true);
  age(path, 1);
  openScratch(home).remove();
  expect(existsSync(path)).toBe(false);
});

test('nothing else in the folder is touched', () => {
  const home = tempTree({ 'cache/evaluations/notes/a': 'x', 'cache/evaluations/b': 'x' });
  age(join(home, 'cache/evaluations/notes'), 100);
  openScratch(home).remove();
  expect(folders(home).sort()).toEqual(['b', 'notes']);
});

test('a home that cannot be written is said', () => {
  const home = join(tempTree({ file: 'x' }), 'file');
  expect(() => openScratch(home)).toThrow(expect.objectContaining({ code: 'store_unwritable' }));
});
