import { describe, expect, it } from 'vitest';
import { askedTicket, findTickets, type TicketText, trackerKeys } from './ticket-references.ts';

const found = (text: string, where: TicketText['where'] = 'body', keys: readonly string[] = ['ABC']) =>
  findTickets({ text, where }, (key) => keys.includes(key))
    .map(({ id, kind }) => `${kind} ${id}`)
    .join(', ');

describe('a message names', () => {
  it.each([
    ['Merge pull request #12 from me/fix', 'pull_request #12'],
    ['Keep the lock (#34)', 'pull_request #34'],
    ['Merged in fix (pull request #5)', 'pull_request #5'],
    ['Merged PR 77: Keep it', 'pull_request #77'],
    ['ABC-9: keep it', 'ticket ABC-9'],
    ['Read UTF-8 and SHA-256, ISO-8601', ''],
    ['[skip ci] colour of a/b#12 and page#3', ''],
  ])('in its subject: %s', (text, expected) => expect(found(text, 'subject')).toBe(expected));

  it.each([
    ['Fixes #1, closes: #2 and see #3', 'issue #1, issue #2, ticket #3'],
    ['GH-44 and gh-45', 'ticket #44, ticket #45'],
    ['See merge request group/app!67', 'pull_request !67'],
    ['https://github.com/o/r/issues/8.', 'issue o/r#8'],
    ['(https://gitlab.com/a/b/-/merge_requests/9)', 'pull_request a/b!9'],
    ['https://jira.example.org/browse/XYZ-3', 'ticket XYZ-3'],
    ['https://bugs.example.org/show_bug.cgi?id=1234', 'issue bug 1234'],
    ['Reviewed-on: https://review.example.org/c/app/+/5678', 'review #5678'],
    ['Fixes: 54a4f0239f2e ("Keep the lock")', 'commit 54a4f0239f2e'],
    ['Bug: 9876', 'issue #9876'],
    ['CVE-2021-44228 and GHSA-jfh8-c2jp-5v3q', 'advisory CVE-2021-44228, advisory GHSA-jfh8-c2jp-5v3q'],
    ['nothing here: 1#2, ##3, &#39; http://x/y#4', ''],
  ])('in its body: %s', (text, expected) => expect(found(text)).toBe(expected));

  it('a line of code names one only where it says so', () => {
    expect(found('color: #123456; /* see #12 */', 'code')).toBe('ticket #12');
    expect(found('const a = "#333"; // (#4711) and issue 99', 'code')).toBe('ticket #4711, ticket #99');
    expect(found('arr[#1] #define 12 ABC-7', 'code')).toBe('ticket ABC-7');
  });

  it('hostile texts end in time', () => {
    const started = performance.now();
    for (const part of [
      '#',
      'A-',
      'AAAAAAAAAA-1',
      'https://a/',
      'fix ',
      '!',
      'See merge request a',
      '(#',
      'GH-',
      'CVE-2021-',
    ])
      findTickets({ text: part.repeat(200_000), where: 'body' }, () => true);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

it('a prefix is a tracker when several commits give it several numbers', () => {
  const subjects = [
    'ABC-1 a',
    'ABC-2 b',
    'ABC-2 c',
    'ONE-1',
    'ONE-1',
    'ONE-1',
    'UTF-8',
    'UTF-16',
    'UTF-32',
    'X-1',
  ];
  expect([...trackerKeys(subjects)]).toEqual(['ABC']);
});

describe('a ticket as the question', () => {
  it.each([
    ['#12', '#12'],
    ['gh-12', '#12'],
    ['PR #12', '#12'],
    ['issue 12', '#12'],
    ['!12', '!12'],
    ['abc-7', 'ABC-7'],
    ['https://github.com/o/r/pull/12', 'o/r#12'],
    ['cve-2021-44228', 'CVE-2021-44228'],
  ])('%s', (text, id) => expect(askedTicket(text)?.id).toBe(id));

  it.each(['12', 'src/a.ts', 'Store.publish', '', 'a-b', 'x'.repeat(1000)])('%s is none', (text) =>
    expect(askedTicket(text)).toBeUndefined(),
  );

  it('is not one whose number goes on', () => {
    const ticket = askedTicket('#12');
    expect(['(#12)', 'fix #12.', 'o/r#12', '/pull/12', 'GH-12'].map((text) => ticket?.names(text))).toEqual(
      Array(5).fill(true),
    );
    expect(['#123', '#12-3', '&#12;', 'pull/123', '12'].map((text) => ticket?.names(text))).toEqual(
      Array(5).fill(false),
    );
    expect(askedTicket('ABC-1')?.names('ABC-12 XABC-1')).toBe(false);
  });
});
