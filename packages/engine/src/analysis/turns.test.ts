import { expect, it } from 'vitest';
import { inTurns } from './turns.ts';

const work = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

it('lets others have their turn when one has taken long, and not before', async () => {
  const turns = inTurns();
  let others = 0;
  const count = setInterval(() => others++, 1);
  await turns.pause();
  expect(others).toBe(0);
  for (let piece = 0; piece < 5; piece++) {
    work(30);
    expect(turns.isOver()).toBe(true);
    await turns.pause();
    expect(turns.isOver()).toBe(false);
  }
  clearInterval(count);
  expect(others).toBeGreaterThanOrEqual(4);
});
