import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GrepOutput, LocateOutput, RelatedOutput, SearchOutput, StatusOutput } from '@conexus/sdk/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunOptions } from '../testing/run-command.ts';
import {
  makeRepository,
  runCommand,
  SMALL_REPOSITORY,
  temporaryFolder,
  writeFiles,
} from '../testing/run-command.ts';
import { runInProcess } from '../testing/run-in-process.ts';
import { COMMAND_TABLE } from './commands.ts';
import { commandHelp, overviewHelp } from './help.ts';

let root = '';
let home = '';
beforeAll(() => {
  root = makeRepository(SMALL_REPOSITORY);
  home = temporaryFolder('home');
});
afterAll(() => {
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

/** In this process, which is the same code without the start of Node; `spawned` is what a person does. */
const run = (args: readonly string[], options: RunOptions = {}) =>
  runInProcess(args, { cwd: root, ...options, env: { CONEXUS_HOME: home, ...options.env } });
const spawned = (args: readonly string[], options: RunOptions = {}) =>
  runCommand(args, { cwd: root, ...options, env: { CONEXUS_HOME: home, ...options.env } });

describe('help', () => {
  it('shows the commands', async () => {
    const { code, out, err } = await spawned(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`${overviewHelp()}\n`);
    await expect(overviewHelp()).toMatchFileSnapshot('__help__/conexus.txt');
    expect((await run([])).code).toBe(2);
  });

  it.each(COMMAND_TABLE.map((command) => [command.name, command] as const))(
    'teaches %s',
    async (name, command) => {
      const help = commandHelp(command);
      await expect(help).toMatchFileSnapshot(`__help__/${name}.txt`);
      for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
      if (name === 'search') expect((await run(['search', '-h'])).out).toBe(`${help}\n`);
    },
  );

  it('tells the version', async () => {
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('search', () => {
  it('builds the index, then answers for people, without a sound on stderr', async () => {
    const { code, out, err } = await spawned(['search', 'invalidateSession', '--limit', '1']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replace(/\d+ ms|<1 ms|[0-9a-f]{8} \(main\)|generation \d+/g, '#')).toMatchInlineSnapshot(`
      "1. src/session.ts:1-6  invalidateSession
         1  import { store } from './store.ts';
         2  
         3  /** Ends a session, so that its cookie is refused from now on. */
         4  export function invalidateSession(id: string): boolean {
         5    return store.delete(id);
         6  }

      3 more results: raise --limit
      1 result · # · Index: fresh · commit # · # · checked by scan in #
      "
    `);
  });

  it('answers for programs, with the contract of batch', async () => {
    const { out } = await run([
      'search',
      'invalidateSession',
      '--json',
      '--explain',
      '--kind',
      'code,test',
      '--path',
      'src',
    ]);
    const answer = SearchOutput.parse(JSON.parse(out));
    expect(answer.results[0]).toMatchObject({ path: 'src/session.ts', symbol: 'invalidateSession' });
    expect(answer.results.every((result) => result.path.startsWith('src/'))).toBe(true);
    expect(answer.results[0]?.terms?.length).toBeGreaterThan(0);
    expect(answer.plan).toBeDefined();
  });

  it('reads the query from standard input, and takes unquoted words as one query', async () => {
    expect(
      JSON.parse((await run(['search', '-', '--json'], { input: 'invalidateSession\n' })).out).results[0]
        .path,
    ).toBe('src/session.ts');
    expect((await run(['search', 'ends', 'a', 'session', '--limit', '3'])).out).toContain('session');
  });

  it('sees an edit made just before, and forgets what is gone', async () => {
    writeFiles(root, { 'src/fresh.ts': 'export function freshlyWrittenFunction() {}\n' });
    const after = SearchOutput.parse(
      JSON.parse((await run(['search', 'freshlyWrittenFunction', '--json'])).out),
    );
    expect(after.results[0]?.path).toBe('src/fresh.ts');
    expect(after.freshness).toMatchObject({ state: 'fresh', checked_by: 'scan' });
    rmSync(join(root, 'src/fresh.ts'));
    const gone = SearchOutput.parse(
      JSON.parse((await run(['search', 'freshlyWrittenFunction', '--json'])).out),
    );
    expect(gone.results.map((result) => result.path)).not.toContain('src/fresh.ts');
  });

  it('says with its exit code that nothing was found', async () => {
    const { code, out } = await run(['search', 'zzqx', '--path', 'no/such/folder']);
    expect(code).toBe(1);
    expect(out).toContain('No results.');
  });

  it('is coloured only where it should be', async () => {
    expect((await run(['search', 'session', '--limit', '1'])).out).not.toContain('\u001b');
    expect((await run(['search', 'session', '--limit', '1'], { env: { FORCE_COLOR: '1' } })).out).toContain(
      '\u001b[36m',
    );
    expect(
      (await run(['search', 'session', '--limit', '1'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).out,
    ).not.toContain('\u001b');
  });

  it('takes 100 KB of text, and refuses more with the bound', async () => {
    expect((await run(['search', '-', '--json'], { input: 'session store '.repeat(7_000) })).code).toBe(0);
    const { code, err } = await run(['search', '-'], { input: 'x'.repeat(150_000) });
    expect(code).toBe(2);
    expect(err).toMatch(/"query".*100000/s);
  });
});

describe('other commands', () => {
  it('a wrong value is told by its flag, with all that it may be', async () => {
    const { code, err } = await run(['search', 'x', '--max-tokens', '3', '--lang', '']);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/for conexus search: "--lang\.0".*"--max-tokens"/s),
    ]);
    expect(err).toContain('See "conexus search --help".');
    expect((await run(['analyze', 'x', '--include', 'callers'])).err).toContain('"open_questions"');
  });

  it('locate takes the beginning and the end of a log that is too long', async () => {
    const input = `npm test\n${'ok 1 - something else\n'.repeat(20_000)}TypeError: in invalidateSession\n`;
    const { code, out, err } = await run(['locate', '-', '--limit', '3'], { input });
    expect([code, err]).toEqual([0, expect.stringContaining('its beginning and its end are used')]);
    expect(out).toContain('defines');
  });

  it('locate gives files with reasons', async () => {
    const answer = LocateOutput.parse(
      JSON.parse((await run(['locate', 'invalidateSession does not end the session', '--json'])).out),
    );
    expect(answer.results[0]?.path).toBe('src/session.ts');
    expect(answer.results[0]?.reasons.length).toBeGreaterThan(0);
    expect((await run(['locate', 'invalidateSession'])).out).toContain('Why: ');
  });

  it('related tells who made lines, what documents them and who calls them', async () => {
    const found = await run(['related', 'invalidateSession', '--json']);
    const answer = RelatedOutput.parse(JSON.parse(found.out));
    const ids = Object.fromEntries(
      answer.sections.map(({ name, entries }) => [name, entries.map(({ id }) => id)]),
    );
    expect(answer.target).toMatchObject({
      kind: 'symbol',
      place: { path: 'src/session.ts', start: 4, end: 6 },
    });
    expect(ids['commits']).toEqual([answer.freshness.commit]);
    expect(ids['docs']).toEqual(['src/session.ts:3-3', 'docs/sessions.md']);
    expect(ids['tests']).toEqual(['src/session.test.ts']);
    const people = await run(['related', './src/session.ts:4-6', '--include', 'commits']);
    expect(people.out).toMatch(/made 3 of 3 lines: 4-6/);
    expect(people.out).not.toContain('Documents');
    expect((await run(['related', 'ABC-1234'])).code).toBe(1);
    const unknown = await run(['related', 'src/nothing.ts']);
    expect([unknown.code, unknown.err]).toEqual([3, expect.stringMatching(/^conexus: .*\n {2}\S/)]);
    expect((await run(['related', '../x'])).code).toBe(2);
    expect((await run(['related', 'src/session.ts', '--since', '2024-02-31'])).err).toContain('no day');
  });

  it('grep finds exact text, in what is indexed only', async () => {
    const answer = GrepOutput.parse(JSON.parse((await run(['grep', 'store.delete(', '--json'])).out));
    expect(answer.results).toMatchObject([{ path: 'src/session.ts', line: 5 }]);
    expect((await run(['grep', 'ignored password'])).code).toBe(1);
    expect((await run(['grep', '--regex', 'invalidate[A-Z]\\w+', '--path', 'src/**'])).out).toContain(
      'src/session.test.ts',
    );
    const bad = await run(['grep', '--regex', '(unclosed']);
    expect(bad.code).toBe(2);
    expect(bad.err).toMatch(/^conexus: .*\n {2}\S/);
    const evil = await run(['grep', '--regex', '(a+)+$', '--json']);
    expect(evil.code).toBeLessThan(2);
  });

  it('index, status and clear tell one story', async () => {
    const indexed = await run(['index', root], { cwd: home });
    expect(indexed.out).toMatch(/^Indexed 6 files of .* in .*: \d+ parsed, \d+ unchanged/);
    expect(indexed.out).toMatch(/Skipped: .*binary 1/);
    const status = StatusOutput.parse(JSON.parse((await run(['status', '--json'])).out));
    expect(status).toMatchObject({ root, state: 'ready', files: 6, skipped: { binary: 1 } });
    expect(status.skipped_files).toContainEqual({ path: 'logo.png', reason: 'binary' });
    expect((await run(['status'])).out).toMatch(/^root: +\S/);
    expect((await run(['clear'])).out).toContain('Cleared');
    expect(JSON.parse((await run(['status', '--json'])).out).state).toBe('empty');
  });

  it('doctor tries what is needed', async () => {
    const { code, out } = await run(['doctor', '--json']);
    const { ok, checks } = JSON.parse(out) as { ok: boolean; checks: { name: string }[] };
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(checks.map((check) => check.name)).toEqual([
      'node',
      'sqlite',
      'home',
      'git',
      'watch',
      'root',
      'index',
      'ripgrep',
    ]);
    const broken = await run(['doctor', '--root', join(root, 'nowhere')]);
    expect(broken.code).toBe(3);
    expect(broken.out).toMatch(/FAIL root/);
  });

  it('dump shows what the index made of things', async () => {
    expect((await run(['dump', 'outline', 'src/session.ts'])).out).toBe('function invalidateSession 4-6\n');
    expect((await run(['dump', 'symbols'])).out).toContain('src/session.ts:4-6 function invalidateSession\n');
    expect((await run(['dump', 'chunks', 'src/session.ts'])).out).toContain('invalidateSession');
    expect((await run(['dump', 'plan', 'invalidateSession'])).out).toMatch(/^kind: /);
    expect((await run(['dump', 'plan', 'invalidateSession', '--json', '--locate'])).out).toMatch(/^\{"kind"/);
    expect((await run(['dump', 'everything'])).code).toBe(2);
  });

  it('writes nothing into the repository', () => {
    expect(
      readdirSync(root, { recursive: true })
        .filter((name) => !String(name).startsWith('.git/'))
        .sort(),
    ).toEqual(['.git', 'docs', 'src', ...Object.keys(SMALL_REPOSITORY)].sort());
  });
});

describe('batch', () => {
  const batch = async (lines: readonly string[], ...args: string[]) => {
    const input = join(home, 'queries.jsonl');
    const output = join(home, 'run.jsonl');
    writeFileSync(input, lines.join('\n'));
    const result = await run(['batch', '--root', root, '--in', input, '--out', output, ...args], {
      cwd: home,
    });
    return {
      ...result,
      rows: () =>
        readFileSync(output, 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
    };
  };

  it('answers searches and tasks in order, ignoring other keys', async () => {
    const { code, err, rows } = await batch(
      [
        '{"id":"a","query":"invalidateSession","source":"x"}',
        '',
        '{"id":2,"task":"the session does not end","expected":[1]}',
        '{"id":"blank","query":" "}',
      ],
      '--limit',
      '2',
    );
    expect(err).toMatch(/^3 queries answered, p50 .*, p95 .*, 1 failed\n$/);
    expect(code).toBe(3);
    const [first, second, blank] = rows();
    expect(Object.keys(first)).toEqual(['id', 'results', 'ms']);
    expect(first).toMatchObject({
      id: 'a',
      results: [
        {
          path: 'src/session.ts',
          start: expect.any(Number),
          end: expect.any(Number),
          score: expect.any(Number),
        },
        {},
      ],
    });
    expect(second).toMatchObject({ id: 2, ms: expect.any(Number) });
    expect(blank).toMatchObject({ id: 'blank', results: [], error: { code: 'invalid_argument' } });
  });

  it('names every bad line before it runs anything', async () => {
    const { code, err } = await batch([
      '{"id":1,"query":"x"}',
      'not json',
      '{"query":"x"}',
      '[1]',
      '{"id":4}',
      '{"id":5,"query":7}',
    ]);
    expect(code).toBe(2);
    expect(err).toContain(
      'line 2: not JSON; line 3: "id" is missing or neither text nor a number; line 4: not an object; line 5: "query" or "task" is missing; line 6: "query" or "task" is not text',
    );
  });

  it('reads and writes the standard streams', async () => {
    const { out } = await run(['batch', '--in', '-', '--out', '-'], { input: '{"id":1,"query":"store"}\n' });
    expect(JSON.parse(out).results[0].path).toBe('src/store.ts');
  });

  it.each([
    [['batch', '--out', 'x'], 2, /--in is missing/],
    [['batch', '--in', 'none.jsonl', '--out', 'x'], 3, /none\.jsonl cannot be read \(ENOENT\)/],
    [['batch', '--in', '-', '--out', 'no/such/folder/x'], 3, /cannot be written/],
    [['batch', '--in', '-', '--out', '-', '--limit', 'many'], 2, /--limit is "many"/],
  ])('%j', async (args, code, message) => {
    const result = await run(args, { cwd: home, env: { CONEXUS_ROOT: root } });
    expect(result.code).toBe(code);
    expect(result.err).toMatch(message);
  });
});

describe('wrong usage', () => {
  it.each([
    [['serch', 'x'], 2, /Unknown command "serch"\.\n {2}Did you mean "search"\?/],
    [['search'], 2, /The query is empty/],
    [['locate'], 2, /TASK is missing/],
    [['search', ''], 2, /must not be empty/],
    [['search', 'x', '--limits', '3'], 2, /Unknown option --limits\.\n {2}Did you mean --limit\?/],
    [['search', 'x', '--limit', 'abc'], 2, /"--limit"/],
    [['search', 'x', '--limit', '0'], 2, /"--limit"/],
    [['search', 'x', '--detail', 'everything'], 2, /"--detail"/],
    [['search', 'x', '--path', '../..'], 2, /leaves the repository/],
    [['search', 'x', '--cursor', 'abc'], 2, /cursor does not belong/],
    [['search', 'x', '--root', ''], 2, /--root is empty/],
    [['grep', 'a', 'b'], 2, /takes one pattern/],
    [['status', 'extra'], 2, /Unexpected argument "extra"/],
    [['index', 'a', 'b'], 2, /Unexpected argument "b"/],
    [['completions', 'tcsh'], 2, /Unknown shell "tcsh"/],
    [['mcp', 'x'], 2, /--root/],
    [['search', 'x', '--root', 'no/such/folder'], 3, /no\/such\/folder/],
    [['search', 'x', '--root', 'README.md'], 3, /README\.md/],
    [['index', 'README.md'], 3, /README\.md/],
  ])('%j', async (args, code, message) => {
    const result = await run(args);
    expect(result.err).toMatch(message);
    expect(result.code).toBe(code);
    expect(result.out).toBe('');
    expect(result.err).not.toContain('    at ');
  });

  it('gives errors as JSON to programs', async () => {
    const { code, out } = await run(['search', 'x', '--json', '--root', 'no/such/folder']);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      error: { code: 'root_missing', message: expect.any(String), advice: expect.any(String) },
    });
  });

  it('answers for an empty repository', async () => {
    const empty = temporaryFolder('empty');
    const { code, out } = await run(['search', 'anything', '--root', empty]);
    expect(code).toBe(1);
    expect(out).toContain('No results.');
    rmSync(empty, { recursive: true });
  });
});
