import { expect, test } from 'vitest';
import { documentedLine } from './documented-line.ts';

/** The line that each line of the text is about. */
const about = (text: string) => {
  const lines = text.split('\n');
  return lines.map((_, i) => documentedLine(lines, i + 1));
};

test('a comment right above a definition is about it, with what stands between', () => {
  const java = `class A {
  /**
   * Says a.
   */
  @Override
  void a() {
    // then
    b();
  }
  int x; /* no block */
}`;
  expect(about(java)).toEqual([1, 6, 6, 6, 6, 6, 8, 8, 9, 10, 11]);
  expect(about('# one\n# two\ndef f(): pass')).toEqual([3, 3, 3]);
  expect(about('/// Says f.\n#[inline]\nfn f() {}')).toEqual([3, 3, 3]);
});

test('a comment with nothing right below it is about nothing', () => {
  expect(about('// licence\n\nfunction f() {}')).toEqual([1, 2, 3]);
  expect(about('f();\n// the end')).toEqual([1, 2]);
  expect(about('/* never ends\nf();')).toEqual([1, 2]);
  expect(about('#include <a.h>\nint a;')).toEqual([1, 2]);
  expect(documentedLine([], 1)).toBe(1);
});
