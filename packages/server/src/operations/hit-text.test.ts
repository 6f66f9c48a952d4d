import { expect, it } from 'vitest';
import { type Hit, hitVariants } from './hit-text.ts';

const lines = Array.from({ length: 40 }, (_, i) => (i === 0 ? 'def long():' : `    line(${i + 11})`));
const hit: Hit = {
  path: 'src/long.py',
  start: 11,
  end: 50,
  hash: 'ab',
  score: 1,
  language: 'python',
  kind: 'code',
  symbol: 'long',
  text: lines.join('\n'),
  textStart: 11,
  textEnd: 50,
  focus: [45, 20],
  nameLine: 11,
};

it('a model gets the whole, then the name and the lines that fit, with numbers and gaps', () => {
  const [whole = '', ...smaller] = [...hitVariants(hit, 1)];
  expect(whole).toContain(`\n${lines.join('\n')}\n`);
  expect(whole).not.toContain('left out');
  for (const text of smaller.slice(0, -2)) {
    expect(text).toContain('\n11: def long():\n');
    expect(text).toContain('\n45:     line(45)\n');
    expect(text).toMatch(/\(\d+ of its lines left out\)$/);
  }
  expect(smaller.at(1)).toMatchInlineSnapshot(`
    "## 1. src/long.py:11-50 — long
    \`\`\`python
    11: def long():
    …
    20:     line(20)
    …
    42:     line(42)
    43:     line(43)
    44:     line(44)
    45:     line(45)
    46:     line(46)
    47:     line(47)
    48:     line(48)
    49:     line(49)
    \`\`\`
    (30 of its lines left out)"
  `);
  // Each is smaller than the one before, down to the place alone.
  for (const [i, text] of smaller.entries())
    expect(text.length).toBeLessThan((i === 0 ? whole : (smaller[i - 1] ?? '')).length);
  expect(smaller.at(-1)).toBe('## 1. src/long.py:11-50 — long');
});

it('without lines that stand out the first ones stay, and what is cut is said', () => {
  const { focus: _, ...plain } = hit;
  const texts = [...hitVariants(plain, 1)];
  expect(texts[1]).toContain('def long():\n    line(12)\n');
  expect(texts[1]).toContain('(lines 31–50 left out)');
  const window = { ...hit, text: lines.slice(20, 30).join('\n'), textStart: 31, textEnd: 40 };
  expect([...hitVariants(window, 1)][0]).toContain('(lines 11–30 and lines 41–50 left out)');
});
