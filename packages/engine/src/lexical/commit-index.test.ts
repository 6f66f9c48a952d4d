import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Commit } from '../ports/history.ts';
import { type CommitIndex, decodeCommits, encodeCommits } from './commit-index.ts';
import { termsOf } from './tokenize.ts';

/** `subject: path path` or `subject | body: path`, newest first. */
function commitsOf(lines: string): Commit[] {
  return lines
    .trim()
    .split('\n')
    .map((line, i) => {
      const [, message = '', paths = ''] = /^(.*): (.*)$/.exec(line.trim()) ?? [];
      const [subject = '', body = ''] = message.split(' | ');
      return { hash: `hash${i}`, time: 1000 - i, subject, body, paths: paths.split(' ').filter(Boolean) };
    });
}

async function* stream(commits: readonly Commit[]): AsyncIterable<Commit> {
  yield* commits;
}

const indexOf = async (commits: readonly Commit[]) =>
  decodeCommits(await encodeCommits('head', stream(commits)));

const plan = (text: string) => termsOf(text).words.map((term) => ({ term, weight: 1 }));

/** `path vote hash` lines, best first. */
function votes(index: CommitIndex, text: string): string {
  return [...index.votes(plan(text))]
    .sort(([, a], [, b]) => b.vote - a.vote)
    .map(([path, { vote, commit }]) => `${path} ${vote.toFixed(2)} ${commit.hash}`)
    .join('\n');
}

const history = commitsOf(`
  Fix cookie parsing of quoted values: src/cookie.ts test/cookie.test.ts
  Router: match wildcards last: src/router.ts
  Parse cookies lazily: src/cookie.ts src/request.ts
  Update dependencies: package.json`);

describe('votes of past commits', () => {
  it('go to the files that commits with a like message changed', async () => {
    const index = await indexOf(history);
    expect(votes(index, 'cookie values are parsed twice').split('\n')[0]).toMatch(
      /^src\/cookie.ts 1.00 hash0/,
    );
    expect(votes(index, 'cookie values are parsed twice')).not.toContain('router');
    expect(votes(index, 'wildcard')).toBe('src/router.ts 1.00 hash1');
    expect(votes(index, 'nothing like it')).toBe('');
    expect(votes(index, '')).toBe('');
    expect(index.count).toBe(4);
  });

  it('count a subject more than a body', async () => {
    const index = await indexOf(
      commitsOf(`
        other words here | streaming: in-body.ts
        streaming other here: in-subject.ts`),
    );
    expect(votes(index, 'streaming').split('\n')[0]).toContain('in-subject.ts');
  });

  it('of a commit are shared among the files it changed', async () => {
    const index = await indexOf(
      commitsOf(`
        alpha beta gamma: one.ts
        alpha beta delta: a.ts b.ts c.ts d.ts`),
    );
    expect(votes(index, 'alpha beta')).toMatch(/^one.ts 1.00 .*\na.ts 0.50/);
  });

  it('leave out commits that say nothing of any file: none, or far too many', async () => {
    const many = Array.from({ length: 41 }, (_, i) => `f${i}.ts`);
    const index = await indexOf([
      { hash: 'a', time: 3, subject: 'reformat', body: '', paths: many },
      { hash: 'b', time: 2, subject: 'reformat', body: '', paths: [] },
      { hash: 'c', time: 1, subject: 'reformat', body: '', paths: many.slice(0, 40) },
    ]);
    expect(index.count).toBe(1);
    expect(index.votes(plan('reformat')).size).toBe(40);
  });

  it('come from the newer of two equal commits first, and are within 0..1', async () => {
    const word = fc.constantFrom('fix', 'cookie', 'router', 'parse', 'größe', '天気');
    const anyCommit = fc.record({
      subject: fc.array(word, { maxLength: 4 }).map((list) => list.join(' ')),
      body: fc.array(word, { maxLength: 8 }).map((list) => list.join(' ')),
      paths: fc.uniqueArray(fc.constantFrom('a.ts', 'b.ts', 'c.ts', 'd.ts'), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyCommit, { maxLength: 20 }), fc.array(word), async (list, query) => {
        const commits = list.map((commit, i) => ({ ...commit, hash: `h${i}`, time: i }));
        const found = (await indexOf(commits)).votes(plan(query.join(' ')));
        const values = [...found.values()].map(({ vote }) => vote);
        expect(values.every((vote) => vote > 0 && vote <= 1)).toBe(true);
        if (values.length > 0) expect(Math.max(...values)).toBe(1);
        for (const [path, { commit }] of found) expect(commit.paths).toContain(path);
      }),
      { numRuns: 60 },
    );
    expect(votes(await indexOf(commitsOf('same: a.ts\nsame: a.ts')), 'same')).toContain('hash0');
  });
});

describe('files changed together', () => {
  it('are those of at least two common commits, with their share', async () => {
    const index = await indexOf(
      commitsOf(`
        one: a.ts b.ts
        two: a.ts b.ts c.ts
        three: a.ts c.ts
        four: a.ts d.ts`),
    );
    expect(index.changedTogether('a.ts')).toEqual([
      { path: 'b.ts', share: 0.5 },
      { path: 'c.ts', share: 0.5 },
    ]);
    expect(index.changedTogether('d.ts')).toEqual([]);
    expect(index.changedTogether('unknown.ts')).toEqual([]);
  });
});

describe('stored commits', () => {
  it('come back as they were, hostile text included', async () => {
    const odd = 'subject with "quotes" \\ \0 \u2028 🎉 __proto__';
    const index = await indexOf([
      { hash: 'abc', time: 42, subject: odd, body: 'body', paths: ['__proto__', 'a b.ts', 'ü'] },
    ]);
    const [vote] = index.votes(plan('subject quotes')).values();
    expect(vote?.commit).toEqual({
      hash: 'abc',
      time: 42,
      subject: odd,
      paths: ['__proto__', 'a b.ts', 'ü'],
    });
    expect(index.head).toBe('head');
  });

  it('of no commit are readable', async () => {
    const index = await indexOf([]);
    expect(index.count).toBe(0);
    expect(index.votes(plan('anything')).size).toBe(0);
  });

  it('that are damaged are an error or other commits, never a hang', async () => {
    const bytes = await encodeCommits('head', stream(history));
    const read = (damaged: Uint8Array) => {
      try {
        votes(decodeCommits(damaged), 'cookie parse wildcards');
        return 'read';
      } catch (error) {
        return (error as Error).name;
      }
    };
    expect(read(new Uint8Array())).toBe('RangeError');
    for (let length = 0; length < bytes.length; length += 7)
      expect(read(bytes.slice(0, length))).toMatch(/RangeError|SyntaxError/);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const damaged = bytes.slice();
        damaged[at] = value;
        expect(read(damaged)).toMatch(/^(read|RangeError|SyntaxError)$/);
      }),
      { numRuns: 600 },
    );
  });
});
