import type { ErrorCode, SymbolKind } from '@conexus/engine';
import type { ServerErrorCode, WireErrorCode } from '@conexus/sdk/contract';
import {
  ERROR_CODES,
  GrepOutput,
  IndexControlOutput,
  ReportOutput,
  SearchInput,
  StatusOutput,
  type SYMBOL_KINDS,
} from '@conexus/sdk/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeStyle } from '../render/style.ts';
import { estimateTokens } from '../render/text.ts';
import { testSettings } from '../testing/connect.ts';
import type { FakeOptions } from '../testing/fake-engine.ts';
import { fakeEngine } from '../testing/fake-engine.ts';
import { commandWorkspaces } from '../workspaces/command-workspaces.ts';
import { readArguments } from './arguments.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { grep } from './grep.ts';
import { normalizeGlobs, normalizePath } from './paths.ts';
import { OPERATIONS } from './registry.ts';

const FILES = { 'src/a.ts': 'const session = 1;\n', 'src/b.ts': `${'session '.repeat(100)}\n`.repeat(40) };
const style = makeStyle(false);
const signal = new AbortController().signal;

function command(options: Partial<FakeOptions> = {}) {
  const engine = fakeEngine({ files: FILES, ...options });
  const workspaces = commandWorkspaces(
    testSettings(),
    async () => engine,
    () => undefined,
  );
  const call = (name: string, args: unknown) => {
    const operation = OPERATIONS.find((candidate) => candidate.name === name);
    if (operation === undefined) throw new Error(`no operation ${name}`);
    return operation.call(workspaces, args, { signal });
  };
  return { engine, call };
}

describe('every operation', () => {
  it.each(OPERATIONS.map((operation) => [operation.name, operation] as const))(
    '%s says what it is and what it does to its surroundings',
    (_name, operation) => {
      expect(operation.name).toMatch(/^[a-z_]{2,40}$/);
      expect(operation.title.length).toBeLessThan(40);
      expect(operation.help.summary).toMatch(/^[A-Z].*[.)]$/);
      expect(Object.values(operation.annotations).every((hint) => typeof hint === 'boolean')).toBe(true);
      const names = Object.keys(operation.input.shape);
      for (const target of Object.values(operation.aliases)) expect(names).toContain(target);
      for (const name of names) expect(Object.keys(operation.aliases)).not.toContain(name);
    },
  );

  it('has the error codes of the engine, those of a shared server, and one more', () => {
    // Held by the compiler in both directions; the list below only shows it.
    const engineCode = (code: ErrorCode): WireErrorCode => code;
    const wireCode = (code: Exclude<WireErrorCode, ServerErrorCode | 'internal'>): ErrorCode => code;
    expect(engineCode(wireCode('timeout'))).toBe('timeout');
    const engineKind = (kind: SymbolKind): (typeof SYMBOL_KINDS)[number] => kind;
    const wireKind = (kind: (typeof SYMBOL_KINDS)[number]): SymbolKind => kind;
    expect(engineKind(wireKind('macro'))).toBe('macro');
    expect(ERROR_CODES).toHaveLength(30);
  });

  it('gives structure that matches its output schema', async () => {
    const { call } = command();
    StatusOutput.parse((await call('status', {})).structured());
    ReportOutput.parse((await call('index', {})).structured());
    GrepOutput.parse((await call('grep', { pattern: 'session' })).structured());
    IndexControlOutput.parse((await call('index_control', { action: 'status' })).structured());
    expect((await call('clear', {})).structured()).toEqual({ cleared: true, root: '/repository' });
  });
});

describe('a command without an index', () => {
  it('builds it first', async () => {
    const { call, engine } = command({ indexed: false });
    const outcome = await call('search_codebase', { query: 'session' });
    expect(engine.calls).toEqual(['open', 'index', 'search']);
    expect(outcome.empty).toBe(false);
    expect((await call('search_codebase', { query: 'nothing-like-it' })).empty).toBe(true);
  });

  it('reports status without building', async () => {
    const { call, engine } = command({ indexed: false });
    expect((await call('status', {})).terminal(style, 4_000)).toContain('empty');
    expect(engine.calls).toEqual(['open']);
  });
});

describe('a call graph that follows its index', () => {
  const counts = { files: 30, missing: 20 };
  const progress = {
    phase: 'facts',
    filesDone: 10,
    filesTotal: 30,
    bytesDone: 25,
    bytesTotal: 100,
    elapsedMs: 500,
  } as const;

  it('is told with how far it is, while the index is ready', async () => {
    const { call } = command({ graph: { state: 'building', ...counts, progress } });
    const says = 'reading calls of 10 of 30 files (25 %)';
    expect((await call('status', {})).terminal(style, 4_000)).toContain(`calls:     ${says}`);
    const status = IndexControlOutput.parse((await call('index_control', { action: 'status' })).structured());
    expect(status.message).toMatch(/^Ready: .*\. Call graph: reading calls of 10 of 30 files \(25 %\)\.$/);
    expect(status.status?.graph).toMatchObject({
      state: 'building',
      missing: 20,
      progress: { files_done: 10 },
    });
  });

  it('says that it waits for a question, and that it is there', async () => {
    const told = async (state: 'none' | 'waiting' | 'ready') =>
      (await command({ graph: { state, ...counts } }).call('status', {})).terminal(style, 4_000);
    expect(await told('waiting')).toContain('20 of 30 files not read yet; the first question about calls');
    expect(await told('ready')).toContain('calls:     of 30 files (ready)');
    expect(await told('none')).not.toContain('calls:');
  });
});

describe('grep', () => {
  it('groups lines by file and keeps the token bound', async () => {
    const { call } = command();
    const outcome = await call('grep', { query: 'session', max_tokens: 300 });
    expect(estimateTokens(outcome.markdown())).toBeLessThanOrEqual(300);
    expect(outcome.markdown()).toContain('more lines left out (max_tokens)');
    const structured = GrepOutput.parse(outcome.structured());
    expect(structured.omitted + structured.results.length).toBe(41);
    expect((await call('grep', { pattern: 'absent' })).markdown()).toBe('No line holds “absent”.');
  });

  it('keeps the bound for any content', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.string({ minLength: 1, maxLength: 300 }),
          fc.string({ unit: 'grapheme', maxLength: 500 }),
          { maxKeys: 20 },
        ),
        fc.integer({ min: 300, max: 1_500 }),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }),
        async (files, max_tokens, pattern) => {
          const workspaces = commandWorkspaces(
            testSettings(),
            async () => fakeEngine({ files }),
            () => undefined,
          );
          const outcome = await grep.call(workspaces, { pattern, max_tokens }, { signal });
          expect(estimateTokens(outcome.markdown())).toBeLessThanOrEqual(max_tokens);
          expect(estimateTokens(JSON.stringify(outcome.structured()))).toBeLessThanOrEqual(max_tokens);
        },
      ),
      { numRuns: 60, seed: 13 },
    );
  });
});

describe('arguments', () => {
  const target = {
    name: 'search_codebase',
    input: SearchInput,
    aliases: { q: 'query', top_k: 'limit', path: 'paths' },
  };
  const schema = OPERATIONS.find((operation) => operation.name === 'search_codebase')?.inputSchema() ?? {};
  const read = (raw: unknown) => readArguments(target, schema, raw);

  it('reads lists and numbers written as text', () => {
    expect(read({ Query: 'x', topK: '7', path: '["a/**","b"]', explain: 'true' })).toMatchObject({
      query: 'x',
      limit: 7,
      paths: ['a/**', 'b'],
      explain: true,
    });
    expect(read({ query: 'x', path: 'src/{a,b}.ts' }).paths).toEqual(['src/{a,b}.ts']);
    expect(read({ query: 'x', q: 'x' }).query).toBe('x');
  });

  it('keeps a query that looks like a number or a list', () => {
    expect(read({ query: '404' }).query).toBe('404');
    expect(read({ query: '[1]' }).query).toBe('[1]');
  });

  it.each([
    [[]],
    ['text'],
    [7],
    [{ query: 'x', limit: '1e9' }],
    [{ query: 'x', limit: 1.5 }],
    [{ query: ['x'] }],
    [{ q: 'x', query: 'y' }],
  ])('refuses %j', (raw) => {
    expect(() => read(raw)).toThrow(/search_codebase|query/);
  });

  it('never throws anything but a user error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.object(),
          fc.dictionary(
            fc.constantFrom('query', 'q', 'paths', 'limit', '__proto__', 'toString'),
            fc.anything(),
          ),
        ),
        (raw) => {
          try {
            read(raw);
          } catch (error) {
            expect(error).toMatchObject({ name: 'ConexusError', code: 'invalid_argument' });
          }
        },
      ),
      { seed: 17 },
    );
  });
});

describe('paths', () => {
  it.each([
    ['src', ['src', 'src/**']],
    ['./src/', ['src', 'src/**']],
    ['src/**', ['src/**']],
    ['!src/gen', ['!src/gen', '!src/gen/**']],
    ['/repository/src/a.ts', ['src/a.ts', 'src/a.ts/**']],
    ['src\\a\\*.ts', ['src/a/*.ts']],
    ['src/\\[id\\].ts', ['src/\\[id\\].ts']],
    ['.', undefined],
    ['/repository', undefined],
  ])('%s', (given, globs) => {
    expect(normalizeGlobs('/repository', [given])).toEqual(globs);
  });

  it.each([
    '..',
    '../x',
    'a/../../b',
    '/etc/passwd',
    '/repository-evil/x',
    'a\0b',
    './../x',
    '..\\x',
    'a\\..\\..\\x',
  ])('refuses %j', (given) => {
    expect(() => normalizePath('/repository', given)).toThrow(/leaves the repository/);
  });
});

describe('cursors', () => {
  it('come back as they went, for the same arguments only', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.string(), fc.string(), (offset, generation, query, other) => {
        const cursor = writeCursor('search', { query, limit: 5 }, { offset, generation });
        expect(readCursor('search', { query, limit: 9, cursor }, cursor)).toEqual({ offset, generation });
        expect(() => readCursor('locate', { query }, cursor)).toThrow(/does not belong/);
        if (other !== query)
          expect(() => readCursor('search', { query: other }, cursor)).toThrow(/does not belong/);
      }),
      { seed: 19 },
    );
  });

  it.each(['', 'x', '1.1.', '1.1.aaaaaaaaaaaaaaaa', '../../..', 'zzzzzzzzz.1.aaaaaaaaaaaaaaaa'])(
    'refuse %j',
    (cursor) => {
      expect(() => readCursor('search', { query: 'x' }, cursor)).toThrow(/does not belong/);
    },
  );
});
