/** Profiles of search alone: at the asked rate with and without kept answers, and with query threads. */
import { applyLoad, type Measured } from './clients.ts';
import { CALLERS, errorsFigure, MOST_WARMING_S, type Profile, plan, withServer } from './profile.ts';

/** The asked figure: 500 clients, 150 requests a second, search by words and meaning; without kept answers, and with every answer kept. */
export const hybrid: Profile = async (context) => {
  const ask = (cacheBytes: number | undefined) =>
    withServer(context, cacheBytes === undefined ? {} : { cacheBytes }, async (server) => {
      const once = {
        ...plan(context.hybrid, 4, MOST_WARMING_S),
        thinkMs: 0,
        requests: context.hybrid.length,
      };
      await applyLoad(server, once);
      return applyLoad(server, plan(context.hybrid, 500, context.seconds));
    });
  const [without, kept] = [await ask(0), await ask(undefined)];
  return {
    about: '500 clients that think, 150 requests a second, search in words',
    figures: [
      { name: 'p95, caches off', value: without.p95Ms, unit: 'ms', target: 10 },
      {
        name: 'p95, kept answers: each question was asked before',
        value: kept.p95Ms,
        unit: 'ms',
        target: 10,
      },
      errorsFigure(without),
    ],
    runs: { 'caches off': without, 'kept answers': kept },
  };
};

/** The same questions, new, with more and more threads: at a rate, and as many as go. */
export const threads: Profile = async (context) => {
  const runs: Record<string, Measured> = {};
  for (const queryThreads of [0, 1, 2])
    await withServer(context, { cacheBytes: 0, queryThreads }, async (server) => {
      const all = { ...plan(context.hybrid, 4, MOST_WARMING_S), thinkMs: 0, requests: context.hybrid.length };
      await applyLoad(server, all);
      const name = `${queryThreads} threads`;
      runs[`${name}, 500 clients`] = await applyLoad(server, plan(context.hybrid, 500, context.seconds));
      const most = { ...plan(context.hybrid, CALLERS, Math.max(3, context.seconds / 3)), thinkMs: 0 };
      runs[`${name}, ${CALLERS} without pauses`] = await applyLoad(server, most);
    });
  return {
    about:
      'search in words, caches off, with 0, 1 and 2 query threads: 500 clients that think, then 16 that do not',
    figures: Object.entries(runs).flatMap(([name, { p95Ms, perSecond, series }]) => [
      { name: `p95, ${name}`, value: p95Ms, unit: 'ms' },
      { name: `answers a second, ${name}`, value: perSecond, unit: '' },
      { name: `memory, ${name}`, value: Math.max(...series.map(({ mb }) => mb)), unit: 'MB' },
    ]),
    runs,
  };
};
