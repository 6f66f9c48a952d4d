import { expect, it } from 'vitest';
import { indexed, places } from '../testing/open-workspace.ts';
import { testsAskedOf } from './tests-asked.ts';

it.each([
  ['where are the tests for createOrFirst?', 'createOrFirst'],
  ['unit tests that check the retry limit', 'the retry limit'],
  ['which tests cover lease expiry', 'lease expiry'],
  ['find a spec that a cookie ends', 'a cookie ends'],
  ['how is the parser tested', 'the parser'],
  ['Tests that the value is a number.', undefined],
  ['test runner for browsers', undefined],
  ['where is it decided which tests run', undefined],
  ['tests', undefined],
])('%s', (query, about) => expect(testsAskedOf(query)).toBe(about));

it('is linear in what it is given', () => {
  const before = performance.now();
  testsAskedOf(`${'where are the unit tests '.repeat(10_000)}x`);
  testsAskedOf(`how is ${' '.repeat(100_000)}x`);
  expect(performance.now() - before).toBeLessThan(200);
});

it('tests come before what they test, and words about code are as before', async () => {
  const workspace = await indexed({
    'src/cart.ts':
      '/** Takes the discount of a cart, once. */\nexport function takeDiscount(cart: number) {\n  return cart - discount(cart);\n}\n',
    'src/discount.ts':
      '/** The discount of a cart. */\nexport const discount = (cart: number) => cart / 10;\n',
    'test/cart.test.ts':
      "import { takeDiscount } from '../src/cart.ts';\nit('is taken once', () => {\n  expect(takeDiscount(10)).toBe(9);\n});\n",
  });
  const first = async (query: string) =>
    places(await workspace.search({ query, limit: 1, detail: 'locations' }))[0]?.split(':')[0];
  expect(await first('where are the tests for takeDiscount')).toBe('test/cart.test.ts');
  expect(await first('tests that check taking the discount of a cart')).toBe('test/cart.test.ts');
  expect(await first('take the discount of a cart')).toBe('src/cart.ts');
});
