import { describe, expect, it } from 'vitest';

import { blankLines } from '../../eval/corpora/strip.ts';
import { sourceOf } from '../extract/source-files.ts';
import { commitQueries } from './commit-queries.ts';
import { docstringQueries, symbolQueries } from './definition-queries.ts';

const body = (name: string) => `func ${name}(path string) error {
	file, err := open(path)
	if err != nil {
		return err
	}
	return file.Close()
}
`;
const GO = `package store

// OpenStore opens the store at a path and closes it again. It may fail.
${body('OpenStore')}
// reopenStore does what OpenStore does, but calls itself reopenStore.
${body('reopenStore')}
// Deletes what nobody asked for.
func tiny() {}

// Checks that nothing is left open in the folder.
${body('checkOpen')}
// Checks that nothing is left open in the folder.
${body('checkAgain')}`;

async function sourcesOf(files: Record<string, string>) {
  const sources = [];
  for (const [file, text] of Object.entries(files)) {
    const source = await sourceOf(file, text);
    if (source !== undefined) sources.push(source);
  }
  return sources;
}

describe('docstringQueries', () => {
  it('asks with first sentences that have one answer and do not name it', async () => {
    const asked = docstringQueries(await sourcesOf({ 'store.go': GO }), 60);
    expect(asked.map(({ query }) => query)).toEqual(['opens the store at a path and closes it again']);
    const [first] = asked;
    const lines = GO.split('\n');
    expect(lines[(first?.start ?? 0) - 1]).toMatch(/^func OpenStore/);
    expect(blankLines(GO, [{ start: first?.docStart ?? 0, end: first?.docEnd ?? 0 }])).toBe(
      GO.replace('// OpenStore opens the store at a path and closes it again. It may fail.', ''),
    );
  });

  it('asks about code alone, never about tests', async () => {
    expect(docstringQueries(await sourcesOf({ 'store_test.go': GO, 'empty.go': '' }), 60)).toEqual([]);
  });
});

describe('symbolQueries', () => {
  it('asks for names of several parts that are defined once, however they are spelled', async () => {
    const sources = await sourcesOf({ 'a.go': GO, 'b.go': `package b\n\n${body('check_open')}` });
    expect(
      symbolQueries(sources, 12)
        .map(({ query }) => query)
        .sort(),
    ).toEqual(['OpenStore', 'checkAgain', 'reopenStore']);
    expect(symbolQueries(sources, 1)).toHaveLength(1);
  });
});

describe('commitQueries', () => {
  const task = { hash: 'a'.repeat(40), time: 0, subject: 'Close files', expected: ['src/store.go'] };
  const long = 'Files stayed open when the path was wrong, and the process ran out of handles. '
    .repeat(5)
    .trim();

  it('tells subjects, explained commits and explanations apart', () => {
    const sources = (text: string) => commitQueries([{ ...task, task: text }], 9).map(({ source }) => source);
    expect(sources('Close files after use')).toEqual(['commit-subject']);
    expect(sources('Close files after use\n\nThey stayed open when a path was wrong, always.')).toEqual([
      'commit',
    ]);
    expect(sources(`Close files after use\n\n${long}`)).toEqual(['commit', 'issue']);
    const [, issue] = commitQueries([{ ...task, task: `Close files of the store\n\n${long}` }], 9);
    expect(issue).toMatchObject({ task: long, gold: ['src/store.go'] });
  });
});
