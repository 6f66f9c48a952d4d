import { describe, expect, it } from 'vitest';
import { viewOf } from '../lexical/testing/small-index.ts';
import { mentionScores } from './mention-scores.ts';
import { findMentions } from './mentions.ts';

const PATHS = ['src/http/router.ts', 'lib/http/router.ts', 'src/cookie.ts', 'app/models/user.rb'];
PATHS.push(...Array.from({ length: 20 }, (_, i) => `packages/p${i}/index.ts`));
const view = viewOf(Object.fromEntries(PATHS.map((path) => [path, []])));

/** `path score` of a text's mentions, `!` for those of a trace; best first. */
function scored(text: string): string {
  const { mention, trace } = mentionScores(view, findMentions(text).paths, text);
  const rows = [
    ...[...mention].map(([id, score]) => ({ id, score, sign: '' })),
    ...[...trace].map(([id, score]) => ({ id, score, sign: '!' })),
  ];
  return rows
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .map(({ id, score, sign }) => `${view.fileById(id)?.path}${sign} ${score.toFixed(2)}`)
    .join(', ');
}

describe('files that a text names', () => {
  it('are those whose path ends most like the mention', () => {
    expect(scored('in src/cookie.ts')).toBe('src/cookie.ts 1.00');
    expect(scored('in cookie.ts')).toBe('src/cookie.ts 1.00');
    expect(scored('/home/me/work/lib/http/router.ts:3')).toBe('lib/http/router.ts 1.00');
    expect(scored('in router.ts')).toBe('src/http/router.ts 0.71, lib/http/router.ts 0.71');
    expect(scored('packages/p7/index.ts')).toBe('packages/p7/index.ts 1.00');
  });

  it('are none when a bare name fits too many, or nothing', () => {
    expect(scored('in index.ts')).toBe('');
    expect(scored('in unknown.ts and other/place.py')).toBe('');
    expect(scored('no path at all')).toBe('');
  });

  it('count most at the innermost frame of a trace, then at its other end', () => {
    const trace =
      'at a (src/cookie.ts:1:1)\nat b (node_modules/x/y.js:1:1)\nat c (node_modules/x/z.js:1:1)\nat d (src/http/router.ts:1:1)';
    expect(scored(trace)).toBe('src/cookie.ts! 1.00, src/http/router.ts! 0.87');
    const middle = 'at a (n/x.js:1:1)\nat b (src/cookie.ts:1:1)\nat c (n/z.js:1:1)';
    expect(scored(middle)).toBe('src/cookie.ts! 0.87');
  });

  it('are found by names without any word, and by those that are all separators', () => {
    const odd = viewOf(
      Object.fromEntries(['a/-.ts', 'b/__.ts', 'c/x.ts', 'd/...', 'e/日本.md'].map((path) => [path, []])),
    );
    const places = (path: string) =>
      [...mentionScores(odd, [{ path, inTrace: false }], path).mention.keys()].map(
        (id) => odd.fileById(id)?.path,
      );
    expect(['-.ts', '__.ts', 'c/x.ts', '...', '日本.md', 'y.ts'].map(places)).toEqual([
      ['a/-.ts'],
      ['b/__.ts'],
      ['c/x.ts'],
      ['d/...'],
      ['e/日本.md'],
      [],
    ]);
  });
});
