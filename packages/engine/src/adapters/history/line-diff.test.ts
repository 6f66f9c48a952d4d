import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineText, matchLines } from './line-diff.ts';

const text = (value: string) => lineText(Buffer.from(value));
const linesOf = (value: string) => value.split(/(?<=\n)/);

/** `+` a line that only the second text has, `-` one that only the first has, ` ` one of both. */
function diff(before: string, after: string): string {
  const [a, b] = [linesOf(before), linesOf(after)];
  const out: string[] = [];
  let [i, j] = [0, 0];
  for (const match of [...matchLines(text(before), text(after)), { a: a.length, b: b.length, count: 0 }]) {
    while (i < match.a) out.push(`-${a[i++]?.trimEnd()}`);
    while (j < match.b) out.push(`+${b[j++]?.trimEnd()}`);
    for (let n = 0; n < match.count; n++, i++, j++) out.push(` ${b[j]?.trimEnd()}`);
  }
  return out.filter((line) => line.length > 1).join('\n');
}

test('names what was added, removed and kept', () => {
  expect(diff('a\nb\nc\nd\n', 'a\nx\nc\nd\ne\n')).toBe(' a\n-b\n+x\n c\n d\n+e');
  expect(diff('', 'a\n')).toBe('+a');
  expect(diff('a\n', '')).toBe('-a');
  expect(diff('a', 'a\n')).toBe('-a\n+a');
  expect(diff('same\n', 'same\n')).toBe(' same');
});

test('a block put in after its like is the second of the two', () => {
  const block = 'function f() {\n  return 1;\n}\n';
  expect(diff(block, block + block.replace('1', '2'))).toBe(
    ' function f() {\n   return 1;\n }\n+function f() {\n+  return 2;\n+}',
  );
});

test('a definition put between two others begins with its own decorator', () => {
  const before = '@d\nf1() {\n  a\n}\n\n@d\nf3() {\n  c\n}\n';
  const after = '@d\nf1() {\n  a\n}\n\n@d\nf2() {\n  b\n}\n\n@d\nf3() {\n  c\n}\n';
  expect(diff(before, after).replace(/\n[+ ]$/gm, '')).toBe(
    ' @d\n f1() {\n   a\n }\n+@d\n+f2() {\n+  b\n+}\n @d\n f3() {\n   c\n }',
  );
});

test('brackets and empty lines of a text that was written anew are new, too', () => {
  const body = (word: string) =>
    Array.from(
      { length: 12 },
      (_, i) => `${word} ${i} {\n  ${word}\n  ${word} ${i}\n  x${word}${i}\n}\n`,
    ).join('');
  const matches = matchLines(text(body('old')), text(body('new')));
  expect(matches.reduce((sum, { count }) => sum + count, 0)).toBeLessThan(3);
});

/** Length of the longest common subsequence, the slow and sure way. */
function longest(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    b.forEach((other, j) => {
      next.push(line === other ? (row[j] as number) + 1 : Math.max(row[j + 1] as number, next[j] as number));
    });
    row = next;
  }
  return row.at(-1) as number;
}

test('matches are equal lines in order, and as many as there can be', () => {
  const lines = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'd\n', 'e\n'), { maxLength: 40 });
  fc.assert(
    fc.property(lines, lines, (a, b) => {
      const matches = matchLines(text(a.join('')), text(b.join('')));
      let [lastA, lastB, sum] = [0, 0, 0];
      for (const match of matches) {
        expect(match.a >= lastA && match.b >= lastB && match.count > 0).toBe(true);
        expect(a.slice(match.a, match.a + match.count)).toEqual(b.slice(match.b, match.b + match.count));
        [lastA, lastB, sum] = [match.a + match.count, match.b + match.count, sum + match.count];
      }
      expect(sum).toBe(longest(a, b));
    }),
    { numRuns: 500, seed: 3 },
  );
});

test('texts with little in common, and many lines, end in time', () => {
  const shuffled = (seed: number, count: number) => {
    let state = seed;
    return Array.from({ length: count }, () => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return `${state % 50}\n`;
    }).join('');
  };
  const [a, b] = [text(shuffled(1, 40_000)), text(shuffled(2, 40_000))];
  const started = performance.now();
  const matches = matchLines(a, b);
  expect(performance.now() - started).toBeLessThan(10_000);
  for (const { a: i, b: j } of matches.slice(0, 500))
    expect(a.bytes.subarray(a.starts[i], a.starts[i + 1])).toEqual(
      b.bytes.subarray(b.starts[j], b.starts[j + 1]),
    );
});
