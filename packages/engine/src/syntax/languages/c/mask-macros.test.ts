import { expect, test } from 'vitest';
import { cpuMs } from '../../testing/cpu-time.ts';
import { maskMacros } from './mask-macros.ts';

/** What was blanked out, in order. */
function masked(text: string): string[] {
  const result = maskMacros(text);
  expect(result).toHaveLength(text.length);
  expect(result.split('\n').length).toBe(text.split('\n').length);
  return text
    .split(/\b/)
    .filter((word) => /^[A-Z][A-Z0-9_]{2,}$/.test(word))
    .filter((word) => !result.includes(word));
}

test.each([
  ['class MY_EXPORT Foo : public Bar {', ['MY_EXPORT']],
  ['struct ALIGNED(8) Foo {', ['ALIGNED']],
  ['STATIC_API Node *create(void) {', ['STATIC_API']],
  ['ABSL_CONST_INIT static std::atomic<int> x;', ['ABSL_CONST_INIT']],
  ['int a_ ABSL_GUARDED_BY(mu_) = 0;', ['ABSL_GUARDED_BY']],
  ['void f() NO_ANALYSIS {', ['NO_ANALYSIS']],
  [
    'namespace a {\nABSL_NAMESPACE_BEGIN\nclass X {};\n}  // namespace a\nABSL_NAMESPACE_END\n}',
    ['ABSL_NAMESPACE_BEGIN', 'ABSL_NAMESPACE_END'],
  ],
])('%s', (text, expected) => {
  expect(masked(text)).toEqual(expected);
});

test.each([
  ['struct FOO;'],
  ['class FOO final {'],
  ['FILE *open(void) {'],
  ['c->reqtype = PROTO_REQ_INLINE;'],
  ['if (node->container != NODE_PACKED) {'],
  ['#define STATIC_API static inline'],
  ['enum {\n  ONLY_MEMBER\n};'],
  ['enum { A,\n  LAST_MEMBER\n};'],
  ['call(a,\n  MAX_LENGTH\n);'],
  ['TEST(Foo, Bar)\n{\n}'],
  ['EXPECT_CALL(mock, f())\n    .Times(1);'],
  ['#define A \\\nFOO_BAR\nint x;'],
  ['DWORD value = 1;'],
])('%s stays as it is', (text) => {
  expect(maskMacros(text)).toBe(text);
});

test('is linear in hostile text', () => {
  for (const unit of [
    'A',
    'A_',
    'class AAA ',
    'AAAA\n',
    '// x\nAAAA\n',
    ' AAAA x y(',
    'AAAA_DEPRECATED(',
    ') ',
  ]) {
    const text = `//${unit.repeat(Math.ceil(300_000 / unit.length))}`;
    const spent = cpuMs(() => {
      expect(maskMacros(text)).toHaveLength(text.length);
    });
    expect(spent, unit).toBeLessThan(1_500);
  }
});
