import type { IndexStatus } from '@conexus/engine';
import { expect, it } from 'vitest';
import { fakeEngine } from '../testing/fake-engine.ts';
import { SHOP } from '../testing/serve.ts';
import { makeMetrics } from './metrics.ts';
import { scrapedMetrics } from './scraped-metrics.ts';

const readingOf = (text: string, series: string): number | undefined => {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
};

async function shopStatus(more: Partial<IndexStatus>): Promise<IndexStatus> {
  const workspace = await fakeEngine({ files: SHOP }).openWorkspace('/shop');
  return { ...(await workspace.status()), ...more };
}

const OTHERS = { connections: async () => 0, auditFails: () => false, certificateEnds: () => undefined };

it('a reason for which no file is left out any more counts none', async () => {
  const statuses = [
    await shopStatus({ skipped: { secret: 2, binary: 1 } }),
    await shopStatus({ skipped: { binary: 1 } }),
  ];
  const scraped = {
    ...OTHERS,
    names: ['shop'],
    statuses: async () => [{ name: 'shop', status: statuses.shift() }],
  };
  const { scrape, close } = scrapedMetrics(makeMetrics(), scraped, 0);
  const reasons = (text: string) =>
    ['secret', 'binary'].map((reason) =>
      readingOf(text, `conexus_index_files_skipped{repo="shop",reason="${reason}"}`),
    );
  expect(reasons(await scrape())).toEqual([2, 1]);
  expect(reasons(await scrape())).toEqual([0, 1]);
  close();
});

it('a repository that does not answer holds up no scrape, and its age grows', async () => {
  const scraped = { ...OTHERS, names: ['shop'], statuses: () => new Promise<never>(() => undefined) };
  const { scrape, close } = scrapedMetrics(makeMetrics(), scraped, 0);
  const age = (text: string) => readingOf(text, 'conexus_index_age_seconds{repo="shop"}') ?? 0;
  const started = performance.now();
  expect(age(await scrape())).toBeGreaterThan(1);
  expect(performance.now() - started).toBeLessThan(8_000);
  close();
}, 20_000);
