/**
 * F6: four processes on one store, two in each of two worktrees, all of them editing at the same time. After each
 * round every process must find what was written in its worktree, its own and its neighbour's, and nothing that was
 * overwritten, removed, or written in the other worktree only.
 */
import { join } from 'node:path';
import { startChild } from '../support/children.ts';
import type { BenchContext, Scenario, ScenarioResult } from '../support/context.ts';
import { corpus } from '../support/corpora.ts';
import { git } from '../support/edits.ts';
import { percentile, round } from '../support/numbers.ts';

const ROUNDS = 150;
const PROCESSES = 4;

async function run(context: BenchContext): Promise<ScenarioResult> {
  const home = join(context.work, 'home');
  const trees = [join(context.work, 'first'), join(context.work, 'second')] as const;
  git(context.work, 'clone', '-q', '--shared', corpus(context.corpora, 'hono'), trees[0]);
  git(trees[0], 'worktree', 'add', '-q', '--detach', trees[1]);
  const treeOf = (process: number) => process % 2;
  const children = [];
  for (let i = 0; i < PROCESSES; i++) children.push(await startChild(trees[treeOf(i)] as string, home));
  await Promise.all(children.map((child) => child.ask({ do: 'index' })));
  await Promise.all(children.map((child) => child.ask({ do: 'watch' })));
  const rounds = Math.round(ROUNDS * context.scale);
  const tally = { rounds, searches: 0, missed: 0, stale: 0, leaked: 0, errors: [] as string[] };
  const times: number[] = [];
  const tokenOf = (process: number, turn: number) => `shared${process}turn${turn}qz`;
  for (let turn = 0; turn < rounds; turn++) {
    const removed = turn % 5 === 4;
    await Promise.all(
      children.map((child, i) => {
        const path = `src/shared${i}.ts`;
        if (removed) return child.ask({ do: 'remove', path });
        return child.ask({
          do: 'write',
          path,
          text: `export function ${tokenOf(i, turn)}() {\n  return ${turn};\n}\n`,
        });
      }),
    );
    await Promise.all(
      children.map(async (child, i) => {
        for (let other = 0; other < PROCESSES; other++) {
          const now = await child.ask({ do: 'search', query: tokenOf(other, turn) });
          const before = await child.ask({ do: 'search', query: tokenOf(other, turn - 1) });
          tally.searches += 2;
          if (now.ms !== undefined) times.push(now.ms);
          for (const { error } of [now, before]) if (error !== undefined) tally.errors.push(error);
          const found = (now.paths?.length ?? 0) > 0;
          if (treeOf(i) !== treeOf(other)) tally.leaked += found ? 1 : 0;
          else if (!removed && !found) tally.missed++;
          if ((before.paths?.length ?? 0) > 0) tally.stale++;
        }
      }),
    );
  }
  const { chunks } = (await children[0]?.ask({ do: 'status' })) ?? {};
  await Promise.all(children.map((child) => child.close()));
  context.log(JSON.stringify(tally));
  return {
    about: `${PROCESSES} processes, one store, two worktrees: ${rounds} rounds in which all write at once, then each searches for all.`,
    figures: [
      {
        name: 'missed hits',
        value: tally.missed,
        unit: '',
        target: 0,
        note: `${tally.searches} searches, ${chunks} chunks`,
      },
      { name: 'stale hits', value: tally.stale, unit: '', target: 0 },
      { name: 'hits from the other worktree', value: tally.leaked, unit: '', target: 0 },
      { name: 'errors', value: tally.errors.length, unit: '', target: 0 },
      {
        name: 'search right after the write, p95',
        value: round(percentile(times, 0.95)),
        unit: 'ms',
        note: `p50 ${round(percentile(times, 0.5))} ms, four processes searching at once`,
      },
    ],
    details: { ...tally, errors: tally.errors.slice(0, 10) },
  };
}

export const scenario: Scenario = { name: 'shared-store', run };
