/**
 * How often a message leads to the line that makes it. The baseline in the same run is the same words in another order: what is gained
 * is what their order says.
 *
 *   node --conditions=source eval/messages/measure-messages.ts --root DIR [--root DIR]... --home CACHE [--each 60] [--out FILE] [--misses]
 */
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openEngine, type Workspace } from '@conexus/engine';
import { randomFrom } from '../../bench/support/numbers.ts';
import { table } from '../scoring/tables.ts';
import { madeBy, provenance } from '../suite/machine.ts';
import { type Message, mineMessages } from './mine-messages.ts';

const { values } = parseArgs({
  options: {
    root: { type: 'string', multiple: true, default: [] },
    home: { type: 'string' },
    each: { type: 'string', default: '60' },
    out: { type: 'string' },
    misses: { type: 'boolean', default: false },
  },
});

/** Rank of the span that holds the line, from 1; undefined: not among the first ten. */
async function rankOf(workspace: Workspace, query: string, { path, line }: Message) {
  const { hits } = await workspace.search({ query, limit: 10, detail: 'locations' });
  const at = hits.findIndex((hit) => hit.path === path && hit.start <= line && line <= hit.end);
  return at < 0 ? undefined : at + 1;
}

function scores(ranks: readonly (number | undefined)[]) {
  const share = (isIt: (rank: number | undefined) => boolean) => ranks.filter(isIt).length / ranks.length;
  return [
    share((rank) => rank === 1),
    share((rank) => rank !== undefined),
    ranks.reduce<number>((sum, rank) => sum + (rank === undefined ? 0 : 1 / rank), 0) / ranks.length,
  ].map((value) => value.toFixed(3));
}

async function main(roots: readonly string[], home: string): Promise<void> {
  const engine = await openEngine({ home, adapts: false });
  const random = randomFrom(7);
  const all: { readonly asked: (number | undefined)[]; readonly shuffled: (number | undefined)[] } = {
    asked: [],
    shuffled: [],
  };
  const rows: string[][] = [];
  for (const root of roots) {
    const messages = mineMessages(root, Number(values.each), random);
    const workspace = await engine.openWorkspace(root);
    await workspace.index();
    const asked: (number | undefined)[] = [];
    const shuffled: (number | undefined)[] = [];
    for (const message of messages) {
      const rank = await rankOf(workspace, message.query, message);
      asked.push(rank);
      const words = message.query.split(/\s+/).map((word) => ({ word, order: random() }));
      const mixed = words.sort((a, b) => a.order - b.order).map(({ word }) => word);
      shuffled.push(await rankOf(workspace, mixed.join(' '), message));
      if (values.misses && rank !== 1)
        console.error(rank ?? '-', message.query, `${message.path}:${message.line}`);
    }
    rows.push([basename(root), String(messages.length), ...scores(asked), ...scores(shuffled)]);
    all.asked.push(...asked);
    all.shuffled.push(...shuffled);
  }
  rows.push(['all', String(all.asked.length), ...scores(all.asked), ...scores(all.shuffled)]);
  await engine.close();
  const head = ['repository', 'messages', 'R@1', 'R@10', 'MRR', 'shuffled R@1', 'R@10', 'MRR'];
  const made = madeBy(provenance(join(import.meta.dirname, '../..')));
  const text = `# Messages by their text\n\n${made}\n\n${table(head, rows)}\n`;
  console.log(text);
  if (values.out !== undefined) writeFileSync(values.out, text);
}

if (values.root.length === 0 || values.home === undefined) {
  console.error('usage: eval/messages/measure-messages.ts --root DIR [--root DIR]... --home CACHE');
  process.exitCode = 2;
} else await main(values.root, values.home);
