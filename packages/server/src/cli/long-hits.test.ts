/** A hit that is longer than what is shown of it: the lines that fit the query are shown, whatever the rendering. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepository, temporaryFolder } from '../testing/run-command.ts';
import { runInProcess } from '../testing/run-in-process.ts';

const LINES = 100;
const WANTED = 83;
const steps = Array.from({ length: LINES }, (_, i) =>
  i + 2 === WANTED
    ? '  log("Timeout terminating the worker", knob("POOL_TERMINATE_MS"));'
    : `  step${i}(pool, ${i});`,
);
const POOL = ['export function schedulePool(pool) {', ...steps, '}', ''].join('\n');

let root = '';
let home = '';
beforeAll(() => {
  root = makeRepository({
    'src/pool.ts': POOL,
    'src/other.ts': 'export function other() {\n  return 1;\n}\n',
  });
  home = temporaryFolder('home');
});
afterAll(() => {
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

const run = async (...args: string[]) =>
  (await runInProcess(args, { cwd: root, env: { CONEXUS_HOME: home, CONEXUS_EMBEDDER: 'none' } })).out;

describe.each(['"POOL_TERMINATE_MS"', 'timeout terminating worker', 'POOL_TERMINATE_MS'])(
  'for %s',
  (query) => {
    it('a person sees the name of the definition and the line, with their numbers', async () => {
      const out = await run('search', query, '--limit', '1');
      expect(out).toMatch(/^ +1 {2}export function schedulePool/m);
      expect(out).toMatch(new RegExp(`^ +${WANTED} {2} {2}log\\("Timeout`, 'm'));
      expect(out).toMatch(/^ +…$/m);
      expect(out).toContain(`…  ${LINES + 2 - 12} more lines`);
    });

    it('a program gets the lines around it where the bound cuts the passage', async () => {
      const { results } = JSON.parse(
        await run('search', query, '--limit', '1', '--max-tokens', '700', '--json'),
      );
      const [{ text, text_start, text_end, start, end }] = results;
      expect([start, end]).toEqual([1, LINES + 2]);
      expect(text_start).toBeGreaterThan(1);
      expect(text.split('\n')).toEqual(POOL.split('\n').slice(text_start - 1, text_end));
      expect(text).toContain('Timeout terminating');
    });
  },
);

it('a short one is shown as it is', async () => {
  const out = await run('search', 'other', '--limit', '1');
  expect(out).toContain('1  export function other() {\n   2    return 1;\n   3  }');
});
