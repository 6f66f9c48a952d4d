import { expect, test } from 'vitest';
import { cpuMs } from '../testing/cpu-time.ts';
import { cleanSubject, namesAFile, taskOf } from './clean-message.ts';

test('keeps what the change is about, drops what is for the record', () => {
  const body = [
    '* Fix the parser for empty lists (#12)',
    '* fix types',
    '* Lists without commas are kept as they are',
    '',
    'Nested lists were read twice, see https://example.org/x for the report.',
    'https://example.org/only-a-link',
    'Fixes #123',
    'Closes: GH-4',
    'ABC-12',
    '(cherry picked from commit 0123abc)',
    '---------',
    'Change-Id: I0123456789',
    'Signed-off-by: A <a@example.org>',
    'Co-authored-by: B <b@example.org>',
  ].join('\n');
  expect(taskOf('Fix the parser for empty lists (#12)', body)).toMatchInlineSnapshot(`
    "Fix the parser for empty lists

    * Lists without commas are kept as they are

    Nested lists were read twice, see https://example.org/x for the report."
  `);
});

test.each([
  'Bump lodash from 4.17.20 to 4.17.21',
  'chore(deps): bump the group with 3 updates',
  'Merge branch main into next version',
  'Merge pull request #4 from a/b',
  'Revert "Fix the parser for lists"',
  'Release version 2.0 of this',
  'v1.2.3 is out now',
  '1.0.0-rc.1 for all packages',
  'Fix typo in the parser',
  'fix(parser): typos in three comments',
  'WIP: rewrite the whole parser',
  'fixup! Fix the parser for lists',
  'style: format all the files',
  'refactor: format all the files',
  'Lint the whole code base',
  'docs: how to use the parser',
  'Update changelog for the release',
  'Update dependencies of the parser',
  'Prepare for next development iteration',
  'Initial commit of the parser',
  'fix parser',
  '#123 (#124)',
  'ABC-12: fix it',
  '',
])('%j asks for nothing', (subject) => {
  expect(taskOf(subject, '')).toBeUndefined();
});

test.each([
  ['feat(router): Match optional parameters', 'feat(router): Match optional parameters'],
  ['PROJ-77 Round the total of an invoice', 'Round the total of an invoice'],
  ['[PROJ-77] Round the total   of an invoice (!5)', 'Round the total of an invoice'],
  ['Releases of a lock wake one waiter', 'Releases of a lock wake one waiter'],
  ['Formatter keeps comments of empty blocks', 'Formatter keeps comments of empty blocks'],
  ['Versioned keys for the cache of users', 'Versioned keys for the cache of users'],
  ['Исправить разбор пустых списков', 'Исправить разбор пустых списков'],
])('%j is a task', (subject, task) => {
  expect(taskOf(subject, '')).toBe(task);
});

test('a message of any size is cut, and costs no time', () => {
  const long = `${'- '.repeat(5_000)}\n${'a-'.repeat(20_000)}\n${' '.repeat(30_000)}x\n${'([#'.repeat(10_000)}`;
  const spent = cpuMs(() => {
    expect(taskOf('Fix the parser for lists', long)?.length).toBeLessThanOrEqual(2_000);
    expect(cleanSubject('['.repeat(30_000)).length).toBe(30_000);
  });
  expect(spent).toBeLessThan(1_000);
});

test('tells whether a text names a file', () => {
  expect(namesAFile('Fix util.c on small lists', ['src/util.c'])).toBe(true);
  expect(namesAFile('Round the Invoice total', ['src/invoice.ts'])).toBe(true);
  expect(namesAFile('Round the total', ['src/invoice.ts', 'src/io.ts'])).toBe(false);
});
