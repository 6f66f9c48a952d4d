/** The profiles: who asks how much for how long, of which server. Each gives what was measured and, where something was asked for, a figure. */
import { median, round } from '../support/numbers.ts';
import { applyLoad, type Measured } from './clients.ts';
import {
  CALLERS,
  errorsFigure,
  MOST_WARMING_S,
  type Profile,
  plan,
  type SaturationPoint,
  withServer,
} from './profile.ts';
import { hybrid, threads } from './search-profiles.ts';
import type { Call } from './servers.ts';

const BARE_TRIVIAL: Call = { name: 'index_control', arguments: { action: 'cancel' } };
const TRIVIAL: Call = { ...BARE_TRIVIAL, arguments: { action: 'cancel', repo: 'main' } };

function steady(about: string, clients: number, thinkMs?: number): Profile {
  return (context) =>
    withServer(context, {}, async (server) => {
      const run = await applyLoad(server, {
        ...plan(context.mix, clients, context.seconds),
        ...(thinkMs !== undefined && { thinkMs }),
      });
      return { about, figures: [errorsFigure(run)], runs: { mix: run } };
    });
}

const spike: Profile = (context) =>
  withServer(context, {}, async (server) => {
    const third = Math.max(3, Math.floor(context.seconds / 3));
    const run = await applyLoad(server, {
      ...plan(context.mix, 500, third * 3),
      clients: (second) => (second >= third && second < 2 * third ? 500 : 50),
    });
    const p95 = (from: number, to: number) =>
      round(
        median(run.series.filter(({ second }) => second >= from && second < to).map((each) => each.p95Ms)),
      );
    return {
      about: `50 clients, 500 for ${third} s, 50 again`,
      figures: [
        { name: 'p95 before', value: p95(0, third), unit: 'ms' },
        { name: 'p95 in the spike', value: p95(third, 2 * third), unit: 'ms' },
        { name: 'p95 after', value: p95(2 * third, 3 * third), unit: 'ms', baseline: p95(0, third) },
        errorsFigure(run),
      ],
      runs: { mix: run },
    };
  });

const soak: Profile = (context) =>
  withServer(context, {}, async (server) => {
    const { clients, seconds } = context;
    const run = await applyLoad(server, plan(context.mix, clients, seconds));
    // Caches fill in the first fifth.
    const settled = run.series.slice(Math.ceil(run.series.length / 5)).map(({ mb }) => mb);
    const half = Math.floor(settled.length / 2);
    const growth = median(settled.slice(half)) / median(settled.slice(0, half)) - 1;
    return {
      about: `${clients} clients that think, for ${seconds} s`,
      figures: [
        {
          name: 'memory, second half over first half',
          value: round(100 * growth, 1),
          unit: '%',
          target: 10,
          note: `median of each half, after the first fifth; ${context.seconds} s, not an hour, unless it says 3600`,
        },
        errorsFigure(run),
      ],
      runs: { mix: run },
    };
  });

/** Throughput without pauses, with more and more connections, until it no longer grows; beside the same calls without a server. */
const saturation: Profile = async (context) => {
  const step = Math.max(2, context.seconds / 8);
  const points: SaturationPoint[] = [];
  const runs: Record<string, Measured> = {};
  const shares: number[] = [];
  const cpuShares: number[] = [];
  await withServer(context, { inProcess: true }, async (alone) => {
    await alone.calls(context.mix.slice(0, 200), 4_000, CALLERS);
    await withServer(context, { cacheBytes: 0 }, async (server) => {
      for (let connections = 1; connections <= 64; connections *= 2) {
        const run = await applyLoad(server, { ...plan(context.mix, connections, step), thinkMs: 0 });
        points.push({ connections, perSecond: run.perSecond, p95Ms: run.p95Ms, errors: run.errorCount });
        runs[`${connections} connections`] = run;
        context.log(`${connections} connections: ${run.perSecond} req/s, p95 ${run.p95Ms} ms`);
      }
      for (let number = 1; number <= 3; number++) {
        const before = await alone.usage();
        const inProcess = await alone.calls(context.mix, step * 1_000, CALLERS);
        const cpuMs = ((await alone.usage()).cpuMs - before.cpuMs) / (inProcess * step);
        const run = await applyLoad(server, { ...plan(context.mix, CALLERS, step), thinkMs: 0 });
        shares.push(run.perSecond / inProcess);
        cpuShares.push(cpuMs / run.cpuMsEach);
        const alike = `${round(inProcess, 1)} calls a second and ${round(cpuMs, 1)} ms of processor time each in process`;
        runs[`${CALLERS} connections, round ${number}, ${alike}`] = run;
      }
    });
  });
  const best = points.reduce((a, b) => (b.perSecond > a.perSecond ? b : a));
  return {
    about:
      'the mix without pauses, caches off, more and more connections; and the same calls in process, in turns',
    figures: [
      {
        name: 'most requests a second',
        value: best.perSecond,
        unit: 'req/s',
        note: `with ${best.connections} connections`,
      },
      {
        name: 'share of the same calls in process',
        value: round(median(shares)),
        unit: '',
        atLeast: 0.6,
        note: `rounds: ${shares.map((share) => round(share)).join(', ')}`,
      },
      {
        name: 'the same in processor time',
        value: round(median(cpuShares)),
        unit: '',
        note: `less at the mercy of what else the machine does; rounds: ${cpuShares.map((share) => round(share)).join(', ')}`,
      },
    ],
    runs,
    points,
  };
};

/** A call that does nothing, beside the server that the SDK's documentation shows, in turns. */
const trivial: Profile = async (context) => {
  const ratios: number[] = [];
  const spent = { ours: 0, theirs: 0, answers: 0, theirAnswers: 0 };
  const runs: Record<string, Measured> = {};
  const step = Math.max(2, context.seconds / 10);
  await withServer(context, { bare: true }, (bare) =>
    withServer(context, {}, async (server) => {
      for (let number = 1; number <= 5; number++) {
        const ours = await applyLoad(server, { ...plan([TRIVIAL], 16, step), thinkMs: 0 });
        const theirs = await applyLoad(bare, { ...plan([BARE_TRIVIAL], 16, step), thinkMs: 0 });
        ratios.push(ours.perSecond / theirs.perSecond);
        spent.ours += ours.cpuMsEach * ours.requests;
        spent.answers += ours.requests;
        spent.theirs += theirs.cpuMsEach * theirs.requests;
        spent.theirAnswers += theirs.requests;
        runs[`round ${number}`] = ours;
        runs[`round ${number}, bare SDK`] = theirs;
      }
    }),
  );
  return {
    about:
      'a call that does nothing, 16 connections, no pauses, in turns with the bare SDK over the same operations',
    figures: [
      {
        name: 'requests a second over those of the bare SDK',
        value: round(median(ratios)),
        unit: 'times',
        atLeast: 3,
        note: `rounds: ${ratios.map((ratio) => round(ratio)).join(', ')}`,
      },
      {
        name: 'processor time of a call of the bare SDK over ours',
        value: round(spent.theirs / spent.theirAnswers / (spent.ours / spent.answers)),
        unit: 'times',
        note: 'all rounds together; less at the mercy of what else the machine does',
      },
    ],
    runs,
  };
};

/** With the limits of a server as it starts: what is too much is refused at once, and afterwards all is as before. */
const overload: Profile = (context) =>
  withServer(context, { limited: true, cacheBytes: 0 }, async (server) => {
    const calm = { ...plan(context.hybrid, 20, Math.max(5, context.seconds / 6)), thinkMs: 1_000 };
    const before = await applyLoad(server, calm);
    const flood = await applyLoad(server, { ...calm, clients: () => 500, thinkMs: 50 });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const after = await applyLoad(server, calm);
    const refused = Object.entries(flood.errors)
      .filter(([reason]) => /^(429|503) /.test(reason))
      .reduce((sum, [, count]) => sum + count, 0);
    return {
      about: '500 clients that hardly think, with the default limits; a calm load before and 3 s after',
      figures: [
        {
          name: 'refused with 429 or 503',
          value: refused,
          unit: '',
          atLeast: 1,
          note: `${flood.requests} were answered`,
        },
        { name: 'failed otherwise', value: flood.errorCount - refused, unit: '', target: 0 },
        {
          name: 'p95 of a refusal',
          value: flood.refusedP95Ms,
          unit: 'ms',
          baseline: flood.p95Ms,
          note: 'baseline: of answers in the flood',
        },
        {
          name: 'p95 after',
          value: after.p95Ms,
          unit: 'ms',
          baseline: before.p95Ms,
          note: 'baseline: before',
        },
        { name: 'errors after', value: after.errorCount, unit: '', target: 0 },
      ],
      runs: { before, flood, after },
    };
  });

/** Light callers while another one asks heavy questions back to back, each kind by itself. */
const heavy: Profile = (context) =>
  withServer(context, { cacheBytes: 0 }, async (server) => {
    const light = { ...plan(context.hybrid, 20, Math.max(3, context.seconds / 6)), thinkMs: 400 };
    const runs: Record<string, Measured> = { 'no heavy caller': await applyLoad(server, light) };
    for (const call of context.heavy) {
      const [seen] = await Promise.all([
        applyLoad(server, light),
        applyLoad(server, { ...light, calls: [call], clients: () => 1, thinkMs: 0 }),
      ]);
      const what = Object.values(call.arguments).map(String).join(' ').replace(/\s+/g, ' ').slice(0, 40);
      runs[`${call.name} ${what}`] = seen;
    }
    const [calm, ...loaded] = Object.values(runs);
    const worst = Math.max(...loaded.map(({ p95Ms }) => p95Ms));
    const longest = Math.max(...loaded.flatMap(({ series }) => series.map(({ delayMaxMs }) => delayMaxMs)));
    return {
      about: '20 clients with light questions, 50 a second, beside one that asks a heavy one again and again',
      figures: [
        {
          name: 'p95 of light calls, worst kind of heavy one',
          value: worst,
          unit: 'ms',
          baseline: calm?.p95Ms ?? 0,
          note: 'baseline: no heavy caller',
        },
        { name: 'longest delay of the event loop', value: longest, unit: 'ms' },
      ],
      runs,
    };
  });

/** What one call of each operation costs the server's process: of this, and of the cores, follows what it can take. */
const costs: Profile = async (context) => {
  const step = Math.max(2, context.seconds / 6);
  const runs: Record<string, Measured> = {};
  const alone = { ...plan(context.mix, 1, step), thinkMs: 0 };
  await withServer(context, { cacheBytes: 0 }, async (server) => {
    runs['a call that does nothing'] = await applyLoad(server, { ...alone, calls: [TRIVIAL] });
    for (const [name, calls] of Map.groupBy(context.mix, (call) => call.name))
      runs[name] = await applyLoad(server, { ...alone, calls });
  });
  await withServer(context, {}, async (server) => {
    const few = { ...alone, calls: context.hybrid.slice(0, 20) };
    await applyLoad(server, { ...few, seconds: MOST_WARMING_S, requests: 20 });
    runs['search_codebase, a kept answer'] = await applyLoad(server, few);
  });
  return {
    about: 'one client without pauses, one operation after the other, caches off',
    figures: Object.entries(runs).map(([name, { cpuMsEach, requests }]) => ({
      name,
      value: cpuMsEach,
      unit: 'ms of processor time',
      note: `${requests} calls`,
    })),
    runs,
  };
};

export const PROFILES: Readonly<Record<string, Profile>> = {
  smoke: steady('1 client, 10 calls a second', 1, 100),
  load: steady('150 clients that think, the mix', 150),
  stress: steady('500 clients that think, the mix: 150 requests a second', 500),
  hybrid,
  threads,
  spike,
  saturation,
  trivial,
  costs,
  overload,
  heavy,
  soak,
};
