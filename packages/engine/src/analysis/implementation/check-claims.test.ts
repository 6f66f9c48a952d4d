/** The gate: nothing passes whose file is not as it was analyzed, or whose lines do not show what they name. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type CurrentFile, checkClaims, type ReadCurrent } from './check-claims.ts';
import type { Statement } from './context.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);
const fileOf = (text: string): CurrentFile => ({ hash: hashOf(text), lines: text.split('\n') });
const reader =
  (files: Readonly<Record<string, string>>): ReadCurrent =>
  (path) =>
    files[path] === undefined ? undefined : fileOf(files[path]);

const TEXT = 'def f():\n    raise ValueError\n\ndef g():\n    return 1\n';
const claim = (start: number, end: number, anchor?: string, path = 'a.py'): Statement => ({
  text: 'A claim.',
  evidence: [
    { path, start, end, hash: hashOf(TEXT), resolution: 'exact', ...(anchor !== undefined && { anchor }) },
  ],
});

test('what holds passes, without what only the gate needs', () => {
  const { kept, checked, stale } = checkClaims([claim(2, 2, 'ValueError')], reader({ 'a.py': TEXT }));
  expect(checked).toBe(1);
  expect(stale).toEqual([]);
  expect(kept).toEqual([
    {
      text: 'A claim.',
      evidence: [{ path: 'a.py', start: 2, end: 2, hash: hashOf(TEXT), resolution: 'exact' }],
    },
  ]);
});

test('without evidence, beyond the file, with lines that show something else, or with a file that is gone, nothing passes', () => {
  const read = reader({ 'a.py': TEXT });
  expect(checkClaims([{ text: 'Bare.', evidence: [] }], read)).toMatchObject({
    kept: [],
    withoutEvidence: 1,
  });
  for (const [start, end] of [
    [0, 1],
    [3, 2],
    [1, 99],
    [99, 99],
  ] as const)
    expect(checkClaims([claim(start, end)], read)).toMatchObject({ kept: [], changed: 1 });
  expect(checkClaims([claim(1, 1, 'ValueError')], read)).toMatchObject({ kept: [], notShown: 1 });
  expect(checkClaims([claim(2, 2, 'ValueError', 'b.py')], read)).toMatchObject({ kept: [], stale: ['b.py'] });
  const half: Statement = {
    text: 'Half.',
    evidence: [...claim(2, 2).evidence, ...claim(1, 1, undefined, 'b.py').evidence],
  };
  expect(checkClaims([half], read).kept).toEqual([]);
});

test('after any change of a byte no claim of the file passes', () => {
  const claims = [claim(2, 2, 'ValueError'), claim(1, 5), claim(4, 4, 'g')];
  const inserted = ['x', '\n', ' ', '#', '\u00e9'];
  let mutations = 0;
  for (let at = 0; at <= TEXT.length; at++) {
    const changed = [
      ...inserted.map((text) => TEXT.slice(0, at) + text + TEXT.slice(at)),
      TEXT.slice(0, at) + TEXT.slice(at + 1),
      TEXT.slice(0, at) + TEXT.slice(at + 5),
      TEXT.slice(at) + TEXT.slice(0, at),
    ].filter((text) => text !== TEXT);
    for (const text of changed) {
      mutations += 1;
      expect(checkClaims(claims, reader({ 'a.py': text }))).toMatchObject({
        kept: [],
        changed: 3,
        stale: ['a.py'],
      });
    }
  }
  expect(mutations).toBeGreaterThan(300);
});
