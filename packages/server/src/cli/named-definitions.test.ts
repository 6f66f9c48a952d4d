/** Variables, constants, macros, fields and whatever the graph does not follow: asked for by name, answered by the lines that name them. */
import { rmSync } from 'node:fs';
import { ImpactOutput, RelationsOutput } from '@conexus/sdk/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepository, temporaryFolder } from '../testing/run-command.ts';
import { runInProcess } from '../testing/run-in-process.ts';

const FILES = {
  'src/defaults.ts': [
    'export const retryDefaults = Object.freeze({ retries: 3 })',
    'export function merged(own: object) {',
    '  return { ...retryDefaults, ...own }',
    '}',
    '',
  ].join('\n'),
  'src/public.ts': "export { retryDefaults } from './defaults.ts'\n",
  'src/run.ts': [
    "import { retryDefaults } from './public.ts'",
    '// retryDefaults are told of here',
    'export function run() {',
    '  return retryDefaults.retries',
    '}',
    'export function main() { return run() }',
    '',
  ].join('\n'),
  'src/apart.ts': 'export function apart(options: any) {\n  return options.retryDefaults\n}\n',
  'src/own.ts': 'const retryDefaults = 1\nexport const twice = () => retryDefaults * 2\n',
  'test/run.test.ts': "import { run } from '../src/run.ts'\nrun()\n",
  'docs/options.md': '# Options\n\nSee `retryDefaults`.\n',
  'net/knobs.go':
    'package net\n\nvar logVerbose = register("VERBOSE")\n\nfunc register(name string) func() bool { return nil }\n',
  'net/knobs_stubs.go': '//go:build ios\n\npackage net\n\nfunc logVerbose() bool { return false }\n',
  'net/dial.go':
    'package net\n\nvar ErrNoRoute = errors.New("no route")\n\nfunc Dial() error {\n\tif logVerbose() {\n\t\treturn ErrNoRoute\n\t}\n\treturn nil\n}\n',
  'c/server.h':
    '#define PAUSE_BY_CLIENT 1\nenum purpose { PURPOSE_READ, PURPOSE_WRITE };\nstruct limits { int depth_allowed; };\n',
  'c/pause.c':
    '#include "server.h"\nint client(void);\nint pausing(struct limits *l) { return l->depth_allowed & PAUSE_BY_CLIENT; }\n',
  'c/client.c': 'int clientCommand(void) { return 1; }\n',
  'c/commands.def':
    '/* Generated. */\nstruct command table[] = {\n{"xread", 5, xreadCommand, 0},\n{"other", 1, otherCommand, 0},\n};\n',
  'c/commands.c':
    '#include "server.h"\nvoid xreadCommand(void);\nvoid otherCommand(void);\n#include "commands.def"\n',
  'c/read.c': 'void xreadCommand(void) { }\nvoid otherCommand(void) { }\nvoid lonely(void) { }\n',
  'tests/unit/stream.tcl': 'test {streams} {\n  r xread COUNT 1\n}\n',
  'py/config.py': 'DEFER_BUILD = True\n\n\nclass Options:\n    strict_mode: bool = False\n',
  'py/use.py':
    'from py.config import DEFER_BUILD, Options\n\n\ndef build():\n    return DEFER_BUILD and Options().strict_mode\n',
  'app/Main.java':
    'class Main {\n  @Deprecated\n  @SuppressWarnings("all")\n  int decode() { return Limits.MAX_LINE; }\n}\n',
  'app/Limits.java': 'class Limits {\n  static final int MAX_LINE = 80;\n}\n',
  'py/other.py':
    'class Wrapper:\n    strict_mode: bool\n\n\ndef read(wrapper):\n    return wrapper.strict_mode\n',
  'rust/src/lib.rs':
    'pub mod vars;\nuse crate::vars::EnvVars;\npub fn read() -> &str { EnvVars::UV_TIMEOUT }\n',
  'rust/src/vars.rs':
    'pub struct EnvVars;\nimpl EnvVars {\n    pub const UV_TIMEOUT: &str = "UV_TIMEOUT";\n}\n',
  'rust/Cargo.toml': '[package]\nname = "a"\nversion = "0.1.0"\n',
  'tools/clean.swift': 'func sweep() {}\nfunc clean() {\n  sweep()\n}\n',
};

let root = '';
let home = '';
beforeAll(() => {
  root = makeRepository(FILES);
  home = temporaryFolder('home');
});
afterAll(() => {
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) =>
  runInProcess([...args, '--root', root], { env: { CONEXUS_HOME: home, CONEXUS_EMBEDDER: 'none' } });

/** `kind resolution path:line` of each result, after the kinds of what was asked about. */
async function lines(relation: string, name: string, ...more: string[]): Promise<string> {
  const { out } = await run(relation, name, ...more, '--json');
  const { state, targets, results } = RelationsOutput.parse(JSON.parse(out));
  return [
    `${state} ${targets.map(({ kind, path }) => `${kind} ${path}`).join(', ')}`,
    ...results.map(({ kind, resolution, path, line }) => `${kind} ${resolution} ${path}:${line}`),
  ].join('\n');
}

async function impact(name: string) {
  const { out } = await run('impact', name, '--json');
  return ImpactOutput.parse(JSON.parse(out));
}

describe('a definition that the graph does not follow', () => {
  it.each([
    ['ErrNoRoute', 'net/dial.go:3'],
    ['PAUSE_BY_CLIENT', 'c/server.h:1'],
    ['PURPOSE_WRITE', 'c/server.h:2'],
    ['depth_allowed', 'c/server.h:3'],
    ['DEFER_BUILD', 'py/config.py:1'],
    ['Options.strict_mode', 'py/config.py:5'],
    ['MAX_LINE', 'app/Limits.java:2'],
    ['EnvVars::UV_TIMEOUT', 'rust/src/vars.rs:3'],
    ['sweep', 'tools/clean.swift:1'],
  ])('%s is found where it stands', async (name, place) => {
    const { out, code } = await run('definition', name, '--json');
    const { state, results } = RelationsOutput.parse(JSON.parse(out));
    expect([code, state, results.map(({ path, line }) => `${path}:${line}`)]).toEqual([0, 'found', [place]]);
  });

  it('stands beside one of the graph, each with its line', async () => {
    expect(await lines('definition', 'logVerbose')).toMatch(
      /^definition exact net\/knobs_stubs\.go:5\ndefinition exact net\/knobs\.go:3$/m,
    );
  });

  it('has the lines that name it as references: those of files that import it, then others, and no comments', async () => {
    expect(await lines('references', 'retryDefaults', '--path', 'src/defaults.ts')).toBe(
      [
        'found constant src/defaults.ts',
        'uses named src/apart.ts:2',
        'uses inferred src/defaults.ts:3',
        'imports inferred src/public.ts:1',
        'imports inferred src/run.ts:1',
        'uses inferred src/run.ts:4',
      ].join('\n'),
    );
  });

  it('says that its lines were found by name, and names documents apart', async () => {
    const { out } = await run('references', 'retryDefaults', '--path', 'src/defaults.ts');
    expect(out).toContain('the graph does not follow constant retryDefaults: lines are found by name');
    expect(out).toContain('4 in run (uses, inferred): return retryDefaults.retries');
    expect(out).toContain('- docs/options.md:3');
  });

  it('has dependents: who names it, and who needs those', async () => {
    const answer = await impact('src/defaults.ts:1');
    expect(answer.state).toBe('found');
    expect(
      answer.dependents.map(({ symbol, resolution, depth }) => `${depth} ${symbol} ${resolution}`),
    ).toEqual(
      expect.arrayContaining([
        '1 src.defaults.merged inferred',
        '1 src.run.run inferred',
        '1 src.apart.apart named',
        '2 src.run.main inferred',
      ]),
    );
    expect(answer.tests.map(({ path }) => path)).toContain('test/run.test.ts');
    const { dependents } = await impact('PAUSE_BY_CLIENT');
    expect(dependents.map(({ symbol }) => symbol)).toEqual(['c.pause.pausing']);
  });

  it('is called where it is a macro or in a language without a graph', async () => {
    expect(await lines('callers', 'sweep')).toBe(
      'found function tools/clean.swift\ncalls inferred tools/clean.swift:3',
    );
    expect((await lines('callers', 'logVerbose')).match(/net\/dial\.go:6/g)).toHaveLength(1);
  });

  it('has each line once where several definitions have the name', async () => {
    const found = await lines('references', 'strict_mode');
    expect(found).toContain('found field py/config.py, field py/other.py');
    expect(found.match(/py\/other\.py:6|py\/use\.py:5/g)).toEqual(['py/other.py:6', 'py/use.py:5']);
  });

  it('is never another one whose name resembles it', async () => {
    const { out, code } = await run('definition', 'PAUSE_BY_CLIENT_COMMAND');
    expect(code).toBe(1);
    expect(out).toContain('No definition named “PAUSE_BY_CLIENT_COMMAND”');
    expect(out).not.toContain('Next:');
  });
});

describe('a function in a table of a file that C includes', () => {
  it('is referenced there, whatever the ending', async () => {
    expect(await lines('references', 'xreadCommand')).toContain('uses exact c/commands.def:3');
  });

  it('has tests in a language without a graph by the name in its row; that others were not looked at is said', async () => {
    const { tests, notes } = await impact('xreadCommand');
    expect(tests).toEqual([
      {
        path: 'tests/unit/stream.tcl',
        found: 'name',
        because: 'names xread in line 2, its name in the table at c/commands.def:3',
      },
    ]);
    expect(notes.join()).toContain('the graph does not read the test files in tcl (1): 1 name what changes');
    const { tests: none, notes: said } = await impact('lonely');
    expect(none).toEqual([]);
    expect(said.join()).toContain(
      'the graph does not read the test files in tcl (1): none names what changes',
    );
  });
});

describe('the line of a definition', () => {
  it('is the one with the name, below annotations', async () => {
    expect(await lines('definition', 'Main.decode')).toContain('definition exact app/Main.java:4');
  });
});
