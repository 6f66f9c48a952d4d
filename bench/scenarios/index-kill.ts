/**
 * F6: indexing is killed (`kill -9`) at random moments; now and then from an empty store, else while it takes up edits.
 * After each kill another process must open the same store (not a rebuilt one), know at least the files that were known
 * before, and answer. At the end of each series it indexes to the end, and must then hold what an undisturbed index holds.
 */

import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type IndexChild, startChild } from '../support/children.ts';
import type { BenchContext, Scenario, ScenarioResult } from '../support/context.ts';
import { copyTree, corpus } from '../support/corpora.ts';
import { openScript } from '../support/edits.ts';
import { randomFrom, round } from '../support/numbers.ts';

const KILLS = 200;
const SERIES = 10;

interface Tally {
  kills: number;
  corrupt: number;
  rebuilt: number;
  lost: number;
  notResumed: number;
  killedWhileIndexing: number;
  readonly problems: string[];
}

interface State {
  readonly root: string;
  readonly home: string;
  files: number;
  inode: number | undefined;
  storeFile: string | undefined;
}

/** Opens what a kill has left, and compares it with what was known before. */
async function examine(state: State, tally: Tally): Promise<void> {
  if (state.storeFile !== undefined) {
    const db = new DatabaseSync(state.storeFile, { readOnly: true });
    const verdict = Object.values(db.prepare('PRAGMA integrity_check').get() ?? {})[0];
    db.close();
    if (verdict !== 'ok') {
      tally.corrupt++;
      tally.problems.push(String(verdict));
    }
  }
  const child = await startChild(state.root, state.home);
  const status = await child.ask({ do: 'status' });
  await child.close();
  if (status.error !== undefined || status.storeFile === undefined) {
    tally.corrupt++;
    tally.problems.push(status.error ?? 'no status');
    return;
  }
  const { ino } = statSync(status.storeFile);
  if (state.inode !== undefined && ino !== state.inode) tally.rebuilt++;
  // Edits delete files too; a store that lost a publication would fall far below.
  if ((status.files ?? 0) < state.files * 0.9) {
    tally.lost++;
    tally.problems.push(`${state.files} files before the kill, ${status.files} after`);
  }
  state.files = status.files ?? 0;
  state.inode = ino;
  state.storeFile = status.storeFile;
}

async function complete(root: string, home: string): Promise<string> {
  const child: IndexChild = await startChild(root, home);
  const { error } = await child.ask({ do: 'index' });
  const { files, chunks } = await child.ask({ do: 'status' });
  const found = await child.ask({ do: 'search', query: 'Context' });
  await child.close();
  return error ?? `${files} files, ${chunks} chunks, ${found.paths?.length} hits`;
}

async function run(context: BenchContext): Promise<ScenarioResult> {
  const random = randomFrom(11);
  const tally: Tally = {
    kills: 0,
    corrupt: 0,
    rebuilt: 0,
    lost: 0,
    notResumed: 0,
    killedWhileIndexing: 0,
    problems: [],
  };
  const kills = Math.round(KILLS * context.scale);
  const root = join(context.work, 'tree');
  copyTree(corpus(context.corpora, 'hono'), root, 0);
  const script = openScript(root, 5);
  const state: State = {
    root,
    home: join(context.work, 'home'),
    files: 0,
    inode: undefined,
    storeFile: undefined,
  };
  let indexMs = 2500;
  for (let kill = 0; kill < kills; kill++) {
    if (kill % (SERIES * 2) === 0) {
      rmSync(state.home, { recursive: true, force: true });
      Object.assign(state, { files: 0, inode: undefined, storeFile: undefined });
    }
    for (let i = 0; i < 8; i++) script.next();
    const child = await startChild(root, state.home);
    let done = false;
    const started = performance.now();
    const indexing = child.ask({ do: 'index' }).then(() => {
      done = true;
    });
    // A first build takes seconds, taking up edits far less: aim at what this one is likely to take.
    await new Promise((after) => setTimeout(after, random() * (state.files === 0 ? indexMs : 250)));
    if (!done) tally.killedWhileIndexing++;
    else if (state.files === 0) indexMs = performance.now() - started;
    await child.kill();
    await indexing;
    tally.kills++;
    await examine(state, tally);
    if (kill % SERIES !== SERIES - 1) continue;
    const resumed = await complete(root, state.home);
    const fresh = await complete(root, join(context.work, `fresh-${kill}`));
    rmSync(join(context.work, `fresh-${kill}`), { recursive: true, force: true });
    if (resumed !== fresh) {
      tally.notResumed++;
      tally.problems.push(`resumed: ${resumed}; undisturbed: ${fresh}`);
    }
    context.log(`${kill + 1} kills, ${tally.killedWhileIndexing} while indexing: ${resumed}`);
    await examine(state, tally);
  }
  return {
    about: `${tally.kills} kills of an indexing process, ${round((100 * tally.killedWhileIndexing) / tally.kills, 0)} % of them before it was done; every ${SERIES} kills compared with an undisturbed index.`,
    figures: [
      {
        name: 'corrupt stores',
        value: tally.corrupt,
        unit: '',
        target: 0,
        note: `${tally.kills} kills, each followed by an integrity check and an opening`,
      },
      { name: 'stores given up and rebuilt', value: tally.rebuilt, unit: '', target: 0 },
      { name: 'published files lost', value: tally.lost, unit: '', target: 0 },
      {
        name: 'not resumed to the same index',
        value: tally.notResumed,
        unit: '',
        target: 0,
        note: `${Math.floor(kills / SERIES)} comparisons`,
      },
    ],
    details: tally,
  };
}

export const scenario: Scenario = { name: 'index-kill', run };
