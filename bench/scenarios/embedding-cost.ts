/**
 * What meaning adds: to the time of a cold index and to its bytes, and what teaching the model a repository takes. The index
 * without vectors is the baseline, in turns on the same files. Processor time counts, since wall times lie on a busy machine.
 */
import { join } from 'node:path';
import { type EngineOptions, openEngine } from '@conexus/engine';
import type { BenchContext, Scenario, ScenarioResult } from '../support/context.ts';
import { corpus } from '../support/corpora.ts';
import { median, round } from '../support/numbers.ts';
import { cpuSince, endedChildrenMs } from '../support/parse-only.ts';
import { vectorBytes } from '../support/store-files.ts';

const REPOSITORIES = ['hono', 'tailscale', 'netty', 'sqlalchemy', 'uv', 'redis'];
const ROUNDS = 3;

async function build(root: string, home: string, embedder: EngineOptions['embedder'] & string) {
  const engine = await openEngine({ home, embedder, adapts: false });
  const workspace = await engine.openWorkspace(root);
  const before = process.cpuUsage();
  const { ms, chunks } = await workspace.index();
  const cpuMs = cpuSince(before);
  const { storeFile, sourceBytes } = await workspace.status();
  await engine.close();
  return { ms, cpuMs, chunks, storeFile, sourceBytes };
}

/** On an index that is there. */
async function learn(root: string, home: string) {
  const engine = await openEngine({ home });
  const workspace = await engine.openWorkspace(root);
  await workspace.index();
  await workspace.search({ query: 'the first question of all', detail: 'locations' });
  const before = process.cpuUsage();
  const children = endedChildrenMs();
  const started = performance.now();
  const learned = await workspace.adapt();
  const ms = performance.now() - started;
  // Most of it is done by a process of its own.
  const cpuMs = cpuSince(before) + endedChildrenMs() - children;
  await engine.close();
  return { learned, ms, cpuMs };
}

async function measure(context: BenchContext, name: string) {
  const root = corpus(context.corpora, name);
  const rounds: { plain: number; embedded: number; plainMs: number; embeddedMs: number }[] = [];
  let last: Awaited<ReturnType<typeof build>> | undefined;
  for (let i = 0; i < ROUNDS; i++) {
    const plain = await build(root, join(context.work, `${name}-plain-${i}`), 'none');
    last = await build(root, join(context.work, `${name}-embedded-${i}`), 'builtin');
    rounds.push({ plain: plain.cpuMs, embedded: last.cpuMs, plainMs: plain.ms, embeddedMs: last.ms });
  }
  if (!last) throw new Error('no rounds');
  const bytes = vectorBytes(last.storeFile);
  const learning = await learn(root, join(context.work, `${name}-embedded-0`));
  const added = median(rounds.map(({ plain, embedded }) => embedded / plain)) - 1;
  context.log(
    `${name}: ${last.chunks} chunks, +${round(added * 100)} % processor time, vectors ${round(bytes / last.sourceBytes)} x source, learned in ${Math.round(learning.ms)} ms`,
  );
  return {
    name,
    chunks: last.chunks,
    sourceBytes: last.sourceBytes,
    vectorBytes: bytes,
    added,
    addedWall: median(rounds.map(({ plainMs, embeddedMs }) => embeddedMs / plainMs)) - 1,
    learning,
    rounds,
  };
}

async function run(context: BenchContext): Promise<ScenarioResult> {
  const names = REPOSITORIES.slice(0, Math.max(1, Math.round(REPOSITORIES.length * context.scale)));
  const details: Awaited<ReturnType<typeof measure>>[] = [];
  for (const name of names) details.push(await measure(context, name));
  const sum = (of: (detail: (typeof details)[number]) => number) =>
    details.reduce((total, detail) => total + of(detail), 0);
  return {
    about: `The built-in embedding beside an index without it, median of ${ROUNDS} rounds in turns; learning once.`,
    figures: [
      {
        name: 'added to a cold index, processor time',
        value: round(median(details.map(({ added }) => added)) * 100),
        unit: '%',
        target: 25,
        note: details.map(({ name, added }) => `${name} ${round(added * 100)}`).join(', '),
      },
      {
        name: 'added to a cold index, wall time',
        value: round(median(details.map(({ addedWall }) => addedWall)) * 100),
        unit: '%',
        target: 25,
      },
      {
        name: 'vectors / source',
        value: round(sum((d) => d.vectorBytes) / sum((d) => d.sourceBytes)),
        unit: 'x',
        target: 0.2,
        note: details.map((d) => `${d.name} ${round(d.vectorBytes / d.sourceBytes)}`).join(', '),
      },
      {
        name: 'learning a repository, processor time per 100K chunks',
        // Steps have an upper bound and a lower one: small repositories pay more a chunk, and seconds all the same.
        value: round(sum((d) => d.learning.cpuMs) / 1000 / (sum((d) => d.chunks) / 1e5)),
        unit: 's',
        target: 10,
        note: details
          .map(
            (d) =>
              `${d.name} ${d.chunks} chunks: ${round(d.learning.cpuMs / 1000)} s, wall ${round(d.learning.ms / 1000)} s`,
          )
          .join('; '),
      },
    ],
    details,
  };
}

export const scenario: Scenario = { name: 'embedding-cost', run };
