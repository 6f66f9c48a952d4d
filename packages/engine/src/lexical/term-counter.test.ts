import { expect, test } from 'vitest';
import { BITS, MAX_LENGTH, MAX_TF } from './fields.ts';
import { createTermCounter } from './term-counter.ts';
import { tokenize } from './tokenize.ts';

/** `term=frequency` of one text, sorted, and the field's length: by the counter, and by `tokenize` alone. */
function counted(text: string, field = 0): string {
  const counter = createTermCounter();
  const length = counter.addField(text, field);
  const terms: string[] = [];
  counter.takeDocument((term, tf) => terms.push(`${counter.terms[term]}=${tf >>> (field * BITS)}`));
  return `${length}: ${terms.sort().join(' ')}`;
}

function expected(text: string): string {
  const counts = new Map<string, number>();
  let length = 0;
  const add = (term: string) => counts.set(term, Math.min(MAX_TF, (counts.get(term) ?? 0) + 1));
  tokenize(text, {
    word(term) {
      length++;
      add(term);
    },
    whole: add,
  });
  const terms = [...counts].map(([term, count]) => `${term}=${count}`).sort();
  return `${Math.min(length, MAX_LENGTH)}: ${terms.join(' ')}`;
}

const TEXTS: Readonly<Record<string, string>> = {
  identifiers: 'maxTokens max_tokens MaxTokens HTTPServer2_x $scope __init__ a b2b',
  'words that repeat': 'read '.repeat(100),
  'no words': ' \n\t+-*/(){}',
  empty: '',
  'other alphabets': 'naïve Straße Größe приветМир 東京都の天気 한국어 ไทย αβγ_delta',
  'a word that goes on in another alphabet': 'fooß ßfoo foo_ß x\u0301 caf\u00e9s',
  'symbols beyond ASCII': '→ “quoted” … ¬ 🎉 a🎉b',
  'broken surrogates': 'a\ud800b \udc00 x\ud83d',
  'an identifier beyond the limit': `${'a'.repeat(200)} ${'Ab'.repeat(100)} ok`,
  'the same hash': 'Aa BB AaAa BBBB AaBB BBAa',
};

for (const [name, text] of Object.entries(TEXTS)) {
  test(`counts what tokenize delivers: ${name}`, () => {
    expect(counted(text)).toBe(expected(text));
    expect(counted(text, 4)).toBe(expected(text));
  });
}

test('many identifiers: tables grow and nothing is mixed up', () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `name${i} value_${i % 7}`).join(' ');
  expect(counted(text)).toBe(expected(text));
});

test('documents do not leak into one another, fields share a term', () => {
  const counter = createTermCounter();
  const take = () => {
    const found: string[] = [];
    counter.takeDocument((term, tf) => found.push(`${counter.terms[term]}:${tf.toString(8)}`));
    return found.join(' ');
  };
  counter.addField('open file', 0);
  counter.addField('file', 1);
  counter.addTerm('=file', 2);
  counter.addTerm('=file', 1);
  expect(take()).toBe('open:1 file:101 =file:2');
  counter.addField('file', 0);
  expect(take()).toBe('file:1');
});
