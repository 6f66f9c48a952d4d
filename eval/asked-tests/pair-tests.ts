/** Functions of a repository that one test is named after, by the names alone: no judgement of ours is in the pairs. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TestedFunction {
  readonly name: string;
  /** The one file with a test of its name. */
  readonly test: string;
}

const CODE = /\.(py|go|rb|java|kt|cs|php)$/;
const TEST_PATH = /test|spec/i;
const DEFINES = /(?:def|func|fun|function|\w+>?)\s+(?:\([^()\n]{0,80}\)\s*)?([A-Za-z]\w{5,})\s*[(<]/g;
const TESTS = /(?:def|func|fun|void|function)\s+(?:\([^()\n]{0,80}\)\s*)?test_?([A-Za-z]\w+)/gi;

const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');

export function pairTests(root: string, count: number, random: () => number): TestedFunction[] {
  const listed = execFileSync('git', ['-C', root, 'ls-files', '-z'], { encoding: 'utf8', maxBuffer: 1e9 });
  const tests = new Map<string, string[]>();
  const defined = new Map<string, number>();
  for (const path of listed.split('\0').filter((one) => CODE.test(one))) {
    const text = readFileSync(join(root, path), 'utf8');
    if (!TEST_PATH.test(path)) {
      for (const [, name = ''] of text.matchAll(DEFINES)) defined.set(name, (defined.get(name) ?? 0) + 1);
      continue;
    }
    for (const [, name = ''] of text.matchAll(TESTS))
      tests.set(plain(name), [...(tests.get(plain(name)) ?? []), path]);
  }
  return [...defined]
    .flatMap(([name, times]) => {
      const [test, ...others] = tests.get(plain(name)) ?? [];
      return times === 1 && test !== undefined && others.length === 0 ? [{ name, test }] : [];
    })
    .map((pair) => ({ pair, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, count)
    .map(({ pair }) => pair);
}
