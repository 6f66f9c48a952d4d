import { describe, expect, it } from 'vitest';
import { literalPhrases, phrasesOf } from './literal-phrases.ts';

const within = (text: string) => {
  const found: string[] = [];
  literalPhrases(text, (term) => found.push(term.slice(1)));
  return found;
};

describe('phrases of string literals', () => {
  it.each([
    ['throw new E("no such user");', ['no such', 'such user']],
    ["raise E('no such user')", ['no such', 'such user']],
    ['fail(`no $' + '{such} user`)', ['no such', 'such user']],
    ['a("one two six") + b(\'three four ten\')', ['one two', 'two six', 'three four', 'four ten']],
    ["x = f'no such {user}'", ['no such', 'such user']],
    ['x = "a \\"big cat\\" here"', ['big cat', 'cat here']],
    ['"""doc string here"""', ['doc string', 'string here']],
  ])('%s', (text, pairs) => {
    expect(within(text)).toEqual(pairs);
  });

  it.each([
    ['no quotes', 'return such user'],
    ['one word', 'f("word")'],
    ['two words', 'f("two words")'],
    ['a path, a type, a name of many parts', 'import "./src/big/cat"; f("text/html; utf8", \'aBigCatName\')'],
    ['an apostrophe', "// don't say it's done\n"],
    ['a lifetime', "fn f<'a>(x: &'a str, y: &'a str) -> bool"],
    ['a quote that does not end on its line', 'x = "no such\nuser of it"\n'],
  ])('has none of %s', (_, text) => {
    expect(within(text)).toEqual([]);
  });

  it('takes time linear in the text, whatever it holds', () => {
    for (const text of ['"', "'", '`', '\\"', '"a b', "x'"]) {
      const started = performance.now();
      within(text.repeat(300_000));
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });
});

it('pairs of a query are those of a literal with the same words, each once', () => {
  expect([...phrasesOf('Error: no such user "Bob" (no such user)')].map((term) => term.slice(1))).toEqual([
    'error no',
    'no such',
    'such user',
    'user bob',
    'bob no',
  ]);
});
