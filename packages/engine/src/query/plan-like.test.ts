import { expect, test } from 'vitest';
import { indexed, places } from '../testing/open-workspace.ts';

const RETRY = `export async function withRetry(task, attempts) {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      return await task();
    } catch (error) {
      if (attempt === attempts) throw error;
      await sleep(2 ** attempt * 100);
    }
  }
}
`;
const AGAIN = `export async function callAgain(work, limit) {
  for (let attempt = 1; attempt <= limit; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === limit) throw error;
      await sleep(2 ** attempt * 50);
    }
  }
}
`;
const PARSE = `export function parseHeader(line) {
  const [name, value] = line.split(':');
  return { name: name.trim().toLowerCase(), value: value.trim() };
}
`;

const workspace = () => indexed({ 'src/retry.ts': RETRY, 'src/net/again.ts': AGAIN, 'src/parse.ts': PARSE });

test('code like the lines given comes first, and the lines themselves do not come at all', async () => {
  const answer = await (await workspace()).search({
    query: '',
    like: { path: 'src/retry.ts', start: 1, end: 10 },
  });
  expect(places(answer)[0]).toBe('src/net/again.ts:1-10 callAgain');
  expect(places(answer).some((place) => place.startsWith('src/retry.ts'))).toBe(false);
});

test('a whole file, and lines past its end, are taken as far as they go', async () => {
  const found = await workspace();
  const whole = await found.search({ query: '', like: { path: 'src/retry.ts' } });
  const beyond = await found.search({ query: '', like: { path: 'src/retry.ts', start: 1, end: 9999 } });
  expect(places(whole)[0]).toBe('src/net/again.ts:1-10 callAgain');
  expect(places(beyond)).toEqual(places(whole));
});

test('lines and files that are not there are refused with what there is', async () => {
  const found = await workspace();
  const ask = (like: { path: string; start?: number; end?: number }) => found.search({ query: '', like });
  await expect(ask({ path: 'src/none.ts' })).rejects.toMatchObject({ code: 'path_not_found' });
  await expect(ask({ path: '../outside.ts' })).rejects.toMatchObject({ code: 'path_not_found' });
  await expect(ask({ path: 'src/parse.ts', start: 40, end: 50 })).rejects.toMatchObject({
    code: 'invalid_argument',
    message: 'src/parse.ts has no lines 40-50: it has 4.',
  });
  await expect(ask({ path: 'src/parse.ts', start: 3, end: 2 })).rejects.toMatchObject({
    code: 'invalid_argument',
  });
  await expect(ask({ path: 'src/parse.ts', start: -1 })).rejects.toMatchObject({ code: 'invalid_argument' });
});
