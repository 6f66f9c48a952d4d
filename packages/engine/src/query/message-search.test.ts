import { expect, it } from 'vitest';
import { indexed, places } from '../testing/open-workspace.ts';

/** Files that have every word of the messages more often, and in their names, but never beside each other; no number of theirs is in a log's date. */
const crowd = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `src/target/class${100 + i}.ts`,
      `/** The target of a class. */\nexport function targetClass${100 + i}(target: string, repository: string) {\n  const exist = target;\n  const does = repository;\n  return not(exist, does, "class");\n}\n`,
    ]),
  );

it.each([
  ['as it is thrown', 'Target class [UserRepository] does not exist.'],
  ['as a log has it', '2026-11-23 10:04:11 production.ERROR: Target class [UserRepository] does not exist.'],
])('finds the line that makes a message, %s', async (_, query) => {
  const workspace = await indexed({
    ...crowd(40),
    'src/container.ts': `export function build(concrete: string) {\n${'  prepare(concrete);\n'.repeat(30)}  throw new Error(\`Target class [\${concrete}] does not exist.\`);\n}\n`,
  });
  expect(places(await workspace.search({ query, limit: 1, detail: 'locations' }))).toEqual([
    'src/container.ts:1-33 build',
  ]);
});
