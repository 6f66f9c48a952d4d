/** `--max-tokens` and `--limit` at the command line: whatever is asked, what is printed keeps them and says what it left out. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimateTokens } from '../render/text.ts';
import { makeRepository, temporaryFolder } from '../testing/run-command.ts';
import { runInProcess } from '../testing/run-in-process.ts';

const COUNT = 120;
const numbers = Array.from({ length: COUNT }, (_, i) => i);

/** A definition that everything calls, with a test for each caller, long lines and long functions. */
const HUB = {
  'src/hub.ts': [
    '/** Decides whether a request is retried. */',
    'export function decideRetry(request: string, attempts: number): boolean {',
    ...numbers.map(
      (i) => `  if (attempts === ${i}) console.log("attempt ${i} of the request that is retried", request);`,
    ),
    '  return attempts < 3;',
    '}',
    '',
  ].join('\n'),
  ...Object.fromEntries(
    numbers.flatMap((i) => [
      [
        `src/callers/caller${i}.ts`,
        `import { decideRetry } from '../hub.ts';\n\n/** Sends request ${i}, and retries it. */\nexport function send${i}(request: string): boolean {\n  return decideRetry(request, ${i}); // ${'a long remark on retries '.repeat(6)}\n}\n`,
      ],
      [
        `test/caller${i}.test.ts`,
        `import { send${i} } from '../src/callers/caller${i}.ts';\nit('sends ${i}', () => send${i}('r'));\n`,
      ],
    ]),
  ),
};

let root = '';
let home = '';
beforeAll(() => {
  root = makeRepository(HUB);
  home = temporaryFolder('home');
});
afterAll(() => {
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) =>
  runInProcess(args, { cwd: root, env: { CONEXUS_HOME: home, CONEXUS_EMBEDDER: 'none' } });

const ASKED: readonly (readonly string[])[] = [
  ['search', 'where is it decided whether a request is retried', '--limit', '200', '--explain'],
  ['search', '"decideRetry"', '--limit', '200'],
  ['locate', 'a request is retried too often', '--limit', '100'],
  ['grep', 'decideRetry', '--limit', '200'],
  ['callers', 'decideRetry', '--limit', '200', '--explain'],
  ['callees', 'decideRetry', '--limit', '200'],
  ['references', 'decideRetry', '--limit', '200'],
  ['definition', 'send', '--limit', '200'],
  ['impact', 'decideRetry', '--limit', '200'],
  ['related', 'decideRetry', '--limit', '200'],
  ['related', 'src/hub.ts:1-40', '--limit', '200'],
  ['analyze', 'decideRetry', '--explain'],
  ['analyze', 'where is it decided whether a request is retried'],
];

describe('what is printed', () => {
  it.each(ASKED)(
    'for %s %s keeps max_tokens, for people and for programs, and says what is left out',
    async (...args) => {
      const sizes: number[] = [];
      for (const bound of [300, 600, 1_500, 6_000]) {
        for (const format of [[], ['--json']] as const) {
          const { out, code } = await run(...args, '--max-tokens', String(bound), ...format);
          if (code === 2) {
            // Answers about the graph have a larger smallest bound, and say so.
            expect(bound).toBeLessThan(600);
            continue;
          }
          const label = `${args.join(' ')} ${bound} ${format.join('')}`;
          // The line end is of the terminal.
          expect(estimateTokens(out.trimEnd()), label).toBeLessThanOrEqual(bound);
          if (format.length === 0) sizes.push(estimateTokens(out));
        }
      }
      const { out } = await run(...args);
      expect(estimateTokens(out)).toBeLessThanOrEqual(4_000);
      // What was cut is said, with the flag that shows it.
      if ((sizes.at(-1) ?? 0) > (sizes.at(-2) ?? 0) * 1.2) {
        const small = (await run(...args, '--max-tokens', '1500')).out;
        expect(small, args.join(' ')).toMatch(
          /(?:[\d,]+ more|[Ff]urther) [^\n]*: [^\n]*--(?:max-tokens|limit)/,
        );
      }
    },
    120_000,
  );

  it('of impact has no list that is longer than --limit', async () => {
    const { out } = await run('impact', 'decideRetry', '--limit', '5', '--max-tokens', '20000');
    expect(out.match(/^- test\//gm)?.length).toBe(5);
    expect(out).toContain(`Tests to run (${COUNT}):`);
    expect(out).toContain(`- and ${COUNT - 5} more`);
    // A program runs all of them.
    const { tests } = JSON.parse((await run('impact', 'decideRetry', '--limit', '5', '--json')).out);
    expect(tests.length).toBe(COUNT);
  }, 60_000);

  it('can be read to the end by the flags that it names', async () => {
    const seen = new Set<string>();
    let cursor: string | undefined;
    for (let page = 0; page < 40; page++) {
      const more = cursor === undefined ? [] : ['--cursor', cursor];
      const { out } = await run('callers', 'decideRetry', '--limit', '200', '--max-tokens', '1500', ...more);
      for (const [name] of out.matchAll(/send\d+(?=:)/g)) seen.add(name);
      cursor = /--cursor (\S+)/.exec(out)?.[1];
      if (cursor === undefined) break;
    }
    expect(seen.size).toBe(COUNT);
  }, 60_000);
});
