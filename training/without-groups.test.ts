import { expect, it } from 'vitest';
import { createPairSetBuilder, type Pair } from '../packages/engine/src/embedding/pair-set.ts';
import { withoutGroups } from './without-groups.ts';

const pair = (group: string, word: string): Pair => ({
  group,
  kind: 'commit',
  query: [word, word, 'fix'],
  doc: new Map([
    [word, 3],
    ['body', 1],
  ]),
  path: ['src', word],
});

function setOf(...list: readonly Pair[]) {
  const builder = createPairSetBuilder();
  for (const one of list) builder.add(one);
  return builder.finish();
}

it('leaves the pairs of other repositories as if the left ones had never been added', () => {
  const all = setOf(pair('a/a', 'apple'), pair('b/b', 'bear'), pair('c/c', 'cat'), pair('b/b', 'bird'));
  expect(withoutGroups(all, ['b/b'])).toEqual(setOf(pair('a/a', 'apple'), pair('c/c', 'cat')));
  expect(withoutGroups(all, [])).toEqual(all);
  expect(() => withoutGroups(all, ['x/x'])).toThrow('no pairs of x/x');
});
