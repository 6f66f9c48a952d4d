/** A process of its own that indexes a tree, then searches, and reports its memory over time. */
import { openEngine } from '@conexus/engine';
import { residentMb, round } from './numbers.ts';

export interface MemoryReport {
  readonly files: number;
  readonly chunks: number;
  readonly seconds: number;
  readonly peakMb: number;
  /** Highest resident memory in each tenth of the indexing time. */
  readonly tenthsMb: readonly number[];
  readonly afterIndexMb: number;
  readonly afterSearchesMb: number;
  readonly sourceBytes: number;
  readonly storeBytes: number;
}

const [root = '', home = ''] = process.argv.slice(2);
const rss = () => process.memoryUsage.rss() / 2 ** 20;
const samples: { at: number; mb: number }[] = [];
const started = performance.now();
const timer = setInterval(() => samples.push({ at: performance.now() - started, mb: rss() }), 50);
const engine = await openEngine({ home });
const workspace = await engine.openWorkspace(root);
const report = await workspace.index();
clearInterval(timer);
const total = performance.now() - started;
await workspace.watch();
const afterIndexMb = residentMb();
for (let i = 0; i < 300; i++)
  await workspace.search({ query: `open file number ${i} request handler`, limit: 10 });
const status = await workspace.status();
const tenths = Array.from({ length: 10 }, (_, i) => {
  const inside = samples.filter(({ at }) => at >= (total * i) / 10 && at < (total * (i + 1)) / 10);
  return round(Math.max(0, ...inside.map(({ mb }) => mb)), 0);
});
const result: MemoryReport = {
  files: status.files,
  chunks: status.chunks,
  seconds: round(report.ms / 1000, 1),
  peakMb: round(Math.max(...samples.map(({ mb }) => mb)), 0),
  tenthsMb: tenths,
  afterIndexMb,
  afterSearchesMb: residentMb(),
  sourceBytes: status.sourceBytes,
  storeBytes: status.storeBytes,
};
await engine.close();
process.stdout.write(JSON.stringify(result));
