/**
 * A process with an engine of its own, for tests of several processes on one store and of how a process ends.
 * Arguments: what to do, the home, the root, and a name. Says one JSON line when it begins to close, and ends by itself:
 * what keeps it from ending is what such a test looks for.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '../engine.ts';
import { openEngine } from '../open-engine.ts';

const [task = '', home = '', root = '', name = ''] = process.argv.slice(2);
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
process.on('unhandledRejection', (error) => {
  say({ unhandled: String(error) });
  process.exit(9);
});

let closingAt = performance.now();
const engine = await openEngine({ home, workers: 1 });
const workspace = await engine.openWorkspace(root);
if (task === 'edit') say(await editAndAsk(workspace));
else if (task === 'close') await beBusy(workspace);
if (task === 'edit') closingAt = performance.now();
await engine.close();
say({ closedAfterMs: Math.round(performance.now() - closingAt) });

/** Work of every kind that is not over when the engine is closed. */
async function beBusy(busy: Workspace): Promise<void> {
  await busy.watch();
  busy.startIndexing();
  const calls: Promise<unknown>[] = [];
  for (let i = 0; i < 20; i++) {
    calls.push(busy.search({ query: `turnWheel${i}` }), busy.grep({ pattern: 'turnWheel' }), busy.status());
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  writeFileSync(join(root, 'src', 'last.ts'), 'export const lastLever = 1;\n');
  calls.push(busy.index({ rebuild: true }), busy.search({ query: 'lastLever' }));
  const codes = calls.map((call) =>
    call.then(
      () => 'ok',
      (error: { code?: string }) => error.code ?? String(error),
    ),
  );
  say({ closing: true });
  closingAt = performance.now();
  void Promise.all(codes).then((ends) => say({ ends: [...new Set(ends)] }));
}

/** Edits a file of its own and asks for its word, for the word before, and for the words of others. */
async function editAndAsk(editing: Workspace) {
  await editing.watch();
  const wrong: string[] = [];
  let checks = 0;
  const find = async (word: string) => {
    const { hits, freshness } = await editing.search({ query: word });
    return { paths: hits.map(({ path }) => path), isFresh: freshness.state === 'fresh' };
  };
  const until = Date.now() + 15_000;
  while (!(await find('anything')).isFresh && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (let round = 0; round < 12; round++) {
    writeFileSync(join(root, `own-${name}.ts`), `export function ${wordOf(name, round)}() {}\n`);
    const [now, before] = [await find(wordOf(name, round)), await find(wordOf(name, round - 1))];
    if (!now.isFresh || now.paths[0] !== `own-${name}.ts`)
      wrong.push(`${round}: own word: ${JSON.stringify(now)}`);
    if (before.paths.length > 0) wrong.push(`${round}: the word before: ${JSON.stringify(before)}`);
    for (const file of readdirSync(root).filter((other) => other.startsWith('own-'))) {
      const text = readFileSync(join(root, file), 'utf8');
      const found = await find(/function (\w+)/.exec(text)?.[1] ?? 'nothing');
      // Only what was on disk before the question and still is can be asked for.
      if (text !== '' && readFileSync(join(root, file), 'utf8') === text && !found.paths.includes(file)) {
        wrong.push(`${round}: ${file} of another process: ${text} ${JSON.stringify(found)}`);
      }
      checks++;
    }
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  return { checks, wrong };
}

/** No two share a part that a tokenizer could find. */
function wordOf(owner: string, round: number): string {
  const letters = [...`${owner}${round + 10}`].map((char) =>
    String.fromCharCode(97 + (char.charCodeAt(0) % 23)),
  );
  return `qz${letters.join('')}xw`;
}
