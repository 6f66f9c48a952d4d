import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPathIndex, PATH_PLACES, type PathIndex, pathTerms } from './path-index.ts';

/** `file:place` of each live file with the term. */
function found(index: PathIndex, term: string): string {
  const postings = index.lookup(term);
  if (!postings) return '';
  const rows = postings.files.map((file, i) => ({ file, place: PATH_PLACES[postings.places[i] as number] }));
  return rows
    .filter(({ file }) => index.has(file))
    .map(({ file, place }) => `${file}:${place}`)
    .join(' ');
}

describe('terms of paths', () => {
  it('say where they stand, the best place counts', () => {
    const index = createPathIndex();
    ['src/http/HttpServer.ts', 'http/index.ts', 'docs/http/http.md', 'find-files.ts', '.gitignore'].forEach(
      (path, i) => {
        index.add(i, path);
      },
    );
    expect(found(index, 'http')).toBe('0:stem 1:parent 2:stem');
    expect(found(index, 'httpserver')).toBe('0:stem');
    expect(found(index, 'src')).toBe('0:folder');
    expect(found(index, 'findfiles')).toBe('3:stem');
    expect(found(index, 'gitignor')).toBe('4:stem');
    expect(found(index, 'ts')).toBe('');
    expect([0, 1, 2, 3].map((file) => index.stemLength(file))).toEqual([2, 1, 1, 2]);
  });

  it('bear odd paths', () => {
    const index = createPathIndex();
    [
      '',
      '/',
      'a//b',
      '...',
      'ü/天気.md',
      '\ud800',
      `${'deep/'.repeat(1000)}x.ts`,
      'x'.repeat(10_000),
    ].forEach((path, i) => {
      index.add(i, path);
    });
    expect(found(index, '天気')).toBe('4:stem');
    expect(index.stemLength(0)).toBe(1);
    expect(index.stemLength(12345)).toBe(1);
  });
});

const anyPath = fc
  .array(fc.constantFrom('src', 'http', 'httpServer', 'find-files', 'a_b', '天気', 'ünï'), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => `${parts.join('/')}.ts`);

describe('after any adds and removals', () => {
  it('lists the files that an index of those left would list', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyPath, fc.boolean()), { maxLength: 80 }), (files) => {
        const index = createPathIndex();
        files.forEach(([path], i) => {
          index.add(i, path);
        });
        const fresh = createPathIndex();
        files.forEach(([path, isKept], i) => {
          if (isKept) fresh.add(i, path);
          else index.remove(i);
        });
        index.remove(99_999);
        expect(index.size).toBe(fresh.size);
        for (const term of [
          'src',
          'http',
          'server',
          'httpserver',
          'find',
          'findfil',
          'findfiles',
          'file',
          'ab',
          '天気',
          'uni',
        ]) {
          expect(found(index, term)).toBe(found(fresh, term));
          expect(index.lookup(term)?.live ?? 0).toBe(fresh.lookup(term)?.files.length ?? 0);
        }
      }),
    );
  });

  it('does not grow when files come and go', () => {
    const index = createPathIndex();
    index.add(0, 'src/stays.ts');
    for (let file = 1; file <= 5000; file++) {
      index.add(file, 'src/comes-and-goes.ts');
      index.remove(file);
    }
    expect(index.lookup('src')?.files.length).toBeLessThan(64);
    expect(index.lookup('goe')).toBeUndefined();
  });
});

describe('pathTerms', () => {
  it('has the words and the whole names of folders and stem, in order', () => {
    expect(pathTerms('src/httpServer/find-files.ts')).toEqual([
      'src',
      'http',
      'server',
      'httpserver',
      'find',
      'file',
      'findfiles',
    ]);
    expect(pathTerms('.github/.gitignore')).toEqual(['github', 'gitignor']);
  });
});
