import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileAt, viewOf } from '../lexical/testing/small-index.ts';
import { ConexusError } from '../model/errors.ts';
import type { SearchFilter } from '../model/search.ts';
import { cpuMs } from '../testing/cpu-time.ts';
import { allowedSlots, allowedSymbolKinds, fileTest } from './filter.ts';

const PATHS = [
  'README.md',
  'src/a.ts',
  'src/a.test.ts',
  'src/deep/b.tsx',
  'src/deep/b.py',
  'lib/src/c.ts',
  'docs/guide/intro.md',
  'dist/a.js',
  '#odd/[x].ts',
  'a b/c.ts',
];

const view = viewOf(Object.fromEntries(PATHS.map((path) => [path, [{ body: path }]])));

/** Files that pass, in the order of `PATHS`. */
function passing(filter: SearchFilter): string {
  const test = fileTest(filter);
  return [...view.files()]
    .filter((file) => test?.(file) ?? true)
    .map(({ path }) => path)
    .join(' ');
}

const codeOf = (paths: readonly string[]): string => {
  try {
    fileTest({ paths });
    return 'accepted';
  } catch (error) {
    return error instanceof ConexusError ? error.code : `${error}`;
  }
};

describe('globs', () => {
  it('follow the rules of gitignore', () => {
    const everything = PATHS.join(' ');
    const table: readonly (readonly [globs: string, passing: string])[] = [
      ['src/**', 'src/a.ts src/a.test.ts src/deep/b.tsx src/deep/b.py'],
      ['/src', 'src/a.ts src/a.test.ts src/deep/b.tsx src/deep/b.py'],
      ['./src/', 'src/a.ts src/a.test.ts src/deep/b.tsx src/deep/b.py'],
      ['src', 'src/a.ts src/a.test.ts src/deep/b.tsx src/deep/b.py lib/src/c.ts'],
      ['src/deep', 'src/deep/b.tsx src/deep/b.py'],
      ['*.md', 'README.md docs/guide/intro.md'],
      ['*.{ts,tsx}', 'src/a.ts src/a.test.ts src/deep/b.tsx lib/src/c.ts #odd/[x].ts a b/c.ts'],
      ['{lib,docs}/**', 'lib/src/c.ts docs/guide/intro.md'],
      ['src/{a,{deep/b,x}}.*', 'src/a.ts src/a.test.ts src/deep/b.tsx src/deep/b.py'],
      ['**/b.*', 'src/deep/b.tsx src/deep/b.py'],
      ['src/*.ts', 'src/a.ts src/a.test.ts'],
      ['src/?.ts', 'src/a.ts'],
      ['src/**|!*.test.ts', 'src/a.ts src/deep/b.tsx src/deep/b.py'],
      ['!src|!lib|!dist', 'README.md docs/guide/intro.md #odd/[x].ts a b/c.ts'],
      ['!docs/**|docs', ''],
      ['#odd', '#odd/[x].ts'],
      ['\\#odd/\\[x\\].ts', '#odd/[x].ts'],
      ['a b', 'a b/c.ts'],
      ['src/a.ts', 'src/a.ts'],
      ['src/a.ts/', ''],
      ['SRC', ''],
      ['nowhere', ''],
      ['.', everything],
      ['./', everything],
      ['/', everything],
      ['', everything],
      ['**', everything],
      ['*', everything],
      ['!', everything],
    ];
    for (const [globs, expected] of table)
      expect([globs, passing({ paths: globs.split('|') })]).toEqual([globs, expected]);
    expect(passing({ paths: [] })).toBe(everything);
    expect(passing({})).toBe(everything);
  });

  it('that cannot be used are refused, not taken for ones that match nothing', () => {
    expect(codeOf(['['])).toBe('invalid_argument');
    expect(codeOf(['a\\'])).toBe('invalid_argument');
    expect(codeOf(['a\0b'])).toBe('invalid_argument');
    expect(codeOf(['x'.repeat(257)])).toBe('invalid_argument');
    expect(codeOf(new Array<string>(257).fill('a'))).toBe('invalid_argument');
    expect(codeOf(['{a,b}'.repeat(40)])).toBe('invalid_argument');
    expect(codeOf(['a,b}{', '{}', '{a}', '}{'])).toBe('accepted');
  });

  it('never throw anything else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom(...'ab/*?[]{}!,\\#. -^'), maxLength: 20 }), {
          maxLength: 5,
        }),
        (globs) => {
          const code = codeOf(globs);
          expect(code).toMatch(/^(accepted|invalid_argument)$/);
          if (code === 'accepted') passing({ paths: globs });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('take little time, however hostile', () => {
    const path = `${'a/'.repeat(60)}${'a'.repeat(200)}`;
    const file = { ...fileAt(path, 1, 0), id: 0, slot: 0 };
    const evil = [
      '*a'.repeat(120),
      '*[a]'.repeat(60),
      '*?'.repeat(120),
      '**/a/'.repeat(50),
      `${'*[!b]*'.repeat(40)}b`,
    ];
    evil.push('?*'.repeat(120), `${'**/'.repeat(80)}b`, `${'[a-z]*'.repeat(40)}1`);
    const spent = cpuMs(() => {
      for (const glob of evil) fileTest({ paths: [glob, `!${glob.slice(0, 250)}`] })?.(file);
    });
    expect(spent).toBeLessThan(300);
  });
});

describe('other filters', () => {
  it('all hold at once', () => {
    const files = viewOf({ 'src/a.ts': [], 'test/a.ts': [] });
    const [a, b] = [...files.files()];
    if (!a || !b) throw new Error('two files');
    const test = fileTest({ kinds: ['code'], languages: ['text'], paths: ['src'] });
    expect([test?.(a), test?.(b)]).toEqual([true, false]);
    expect(fileTest({ kinds: ['doc'] })?.(a)).toBe(false);
    expect(fileTest({ languages: ['python'] })?.(a)).toBe(false);
    expect(fileTest(undefined)).toBeUndefined();
    expect(fileTest({ kinds: [], languages: [], paths: [] })).toBeUndefined();
  });

  it('let a slot pass when any of its files does', () => {
    const files = viewOf({ 'a/x.ts': [{ body: 'same' }], 'b/y.ts': [{ body: 'other' }] });
    files.setFile(fileAt('b/copy.ts', 1, 0));
    expect([...(allowedSlots(files, fileTest({ paths: ['b'] })) ?? [])].slice(0, 2)).toEqual([1, 1]);
    expect([...(allowedSlots(files, fileTest({ paths: ['a'] })) ?? [])].slice(0, 2)).toEqual([1, 0]);
    expect(allowedSlots(files, undefined)).toBeUndefined();
    expect(allowedSymbolKinds({ symbolKinds: ['module'] })).toEqual(new Set([1]));
    expect(allowedSymbolKinds({})).toBeUndefined();
  });
});
