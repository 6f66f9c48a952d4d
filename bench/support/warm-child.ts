/** A process of its own that opens an index and asks it one question: times from its start to each step. */
const loaded = performance.now();
const { openEngine } = await import('@conexus/engine');

export interface WarmReport {
  /** Milliseconds since the process began. */
  readonly imported: number;
  readonly opened: number;
  readonly answered: number;
  readonly checkMs: number;
  readonly hits: number;
}

const [root = '', home = '', query = ''] = process.argv.slice(2);
const imported = performance.now();
const engine = await openEngine({ home });
const workspace = await engine.openWorkspace(root);
const opened = performance.now();
const { hits, freshness } = await workspace.search({ query, limit: 10 });
const report: WarmReport = {
  imported,
  opened,
  answered: performance.now(),
  checkMs: freshness.checkMs,
  hits: hits.length,
};
process.stdout.write(JSON.stringify({ ...report, loaded }));
await engine.close();
