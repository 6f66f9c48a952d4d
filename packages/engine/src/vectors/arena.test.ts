import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createArena } from './arena.ts';

/** Bytes to take, or which of the pieces held to give back. */
const steps = fc.array(
  fc.oneof(fc.record({ take: fc.integer({ min: 0, max: 300_000 }) }), fc.record({ give: fc.nat(1_000) })),
  { maxLength: 60 },
);

test('pieces lie inside the memory, beside the reserved bytes, and never on each other', () => {
  fc.assert(
    fc.property(steps, fc.nat(2_000), (all, reserved) => {
      const arena = createArena(reserved);
      const held: { at: number; bytes: number }[] = [];
      for (const step of all) {
        if ('take' in step) held.push({ at: arena.take(step.take), bytes: step.take });
        else if (held.length > 0) arena.give(held.splice(step.give % held.length, 1)[0]?.at ?? -1);
        const sorted = [...held].sort((a, b) => a.at - b.at);
        sorted.forEach(({ at, bytes }, i) => {
          expect(at % 16).toBe(0);
          expect(at).toBeGreaterThanOrEqual(reserved);
          expect(at + bytes).toBeLessThanOrEqual(sorted[i + 1]?.at ?? arena.memory.buffer.byteLength);
        });
      }
      expect(arena.size).toBe(arena.memory.buffer.byteLength);
      for (const { at } of held) arena.give(at);
      expect(arena.used).toBe(0);
      // Everything joined again: the whole memory is one piece.
      const whole = arena.size - Math.ceil(reserved / 16) * 16;
      const before = arena.size;
      arena.take(whole);
      expect(arena.size).toBe(before);
    }),
    { numRuns: 60 },
  );
});

test('freed room is used again before the memory grows', () => {
  const arena = createArena(64);
  for (let i = 0; i < 100; i++) arena.give(arena.take(1_000_000));
  expect(arena.size).toBeLessThan(1_300_000);
});

test('more than 4 GiB is an error with advice, and leaves the arena as it was', () => {
  const arena = createArena(64);
  expect(() => arena.take(2 ** 32)).toThrow(
    expect.objectContaining({ code: 'invalid_argument', advice: expect.stringContaining('fewer') }),
  );
  expect(arena.take(100)).toBeGreaterThanOrEqual(64);
});

test('what is not there cannot be given back', () => {
  const arena = createArena(64);
  expect(() => arena.give(128)).toThrow(RangeError);
});
