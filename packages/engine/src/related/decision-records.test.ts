import { expect, it } from 'vitest';
import { decisionHead, isDecisionPath } from './decision-records.ts';

it.each([
  ['docs/adr/0001-x.md', true],
  ['doc/architecture/decisions/0001-x.md', true],
  ['rfcs/text/12.md', true],
  ['ADR-003.md', true],
  ['ARCHITECTURE.md', true],
  ['docs/design.md', true],
  ['docs/guide.md', false],
  ['src/decider.md', false],
  ['designer.md', false],
])('%s: %s', (path, expected) => expect(isDecisionPath(path)).toBe(expected));

it.each([
  ['# 1. Use SQLite\n\nDate: 2024-05-06\n\n## Status\n\nAccepted\n', 'Use SQLite|Accepted|2024-05-06', '1. '],
  [
    '---\nstatus: superseded by 0005\ndate: 2023-01-02\n---\n# Keep one store\n',
    'Keep one store|superseded by 0005|2023-01-02',
    '',
  ],
  ['# A\n\n* Status: **proposed**\n* Date: May 2024\n', 'A|proposed|May 2024', ''],
  ['Title\n=====\n\nState: accepted\n', 'Title|accepted|', ''],
  ['', '||', ''],
])('reads the head of %j', (text, expected, before) => {
  const { title, status = '', date = '' } = decisionHead(text.split('\n'));
  expect(`${title}|${status}|${date}`).toBe(before + expected);
});
