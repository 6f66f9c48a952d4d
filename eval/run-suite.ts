// Runs one or several systems over the suites and writes eval/results/<date>-<label>/.
//   node eval/run-suite.ts --corpora DIR [--home DIR] --label NAME [--split tune|report] [--only SOURCE|REPO]... [--jobs N]
//                          [--command 'PROGRAM ...'] [--variant 'LABEL:KEY=VALUE KEY=VALUE']... [--variant 'LABEL=PROGRAM ...']...
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { DEFAULT_TRUTH, parseHalf } from './score.ts';
import { readRun } from './scoring/run-file.ts';
import { type Job, type Places, planJobs, runSystem, type System, splitCommand } from './suite/invoke.ts';
import { provenance } from './suite/machine.ts';
import { type NamedRun, type SystemRun, writeReport } from './suite/report.ts';
import { loadRows, type Row, selectRows } from './truth.ts';

const HERE = import.meta.dirname;
const CHECKOUT = path.join(HERE, '..');
const DEFAULT_COMMAND = 'node packages/server/bin/conexus.js batch';
const BASELINES: readonly string[] = ['bm25-lines', 'ripgrep-count'];

type Values = ReturnType<typeof readValues>;

function readValues() {
  return parseArgs({
    options: {
      corpora: { type: 'string' },
      home: { type: 'string' },
      label: { type: 'string', default: 'run' },
      command: { type: 'string', default: DEFAULT_COMMAND },
      variant: { type: 'string', multiple: true, default: [] },
      baseline: { type: 'string', multiple: true, default: [] },
      only: { type: 'string', multiple: true, default: [] },
      split: { type: 'string' },
      jobs: { type: 'string', default: '1' },
      limit: { type: 'string', default: '20' },
      truth: { type: 'string', default: DEFAULT_TRUTH },
      results: { type: 'string', default: path.join(HERE, 'results') },
      work: { type: 'string', default: path.join(tmpdir(), `conexus-eval-${process.pid}`) },
    },
  }).values;
}

/**
 * `label=program ...` runs another command; `label:KEY=VALUE KEY=VALUE` runs the same command in another environment;
 * `label:` alone runs it as it is, the row that the others are compared with.
 */
export function parseVariant(text: string, command: string): System {
  const match = /^([\w .+-]+?)([:=])(.*)$/s.exec(text);
  if (match === null) throw new Error(`--variant is LABEL=COMMAND or LABEL:KEY=VALUE ..., not ${text}`);
  const [, label = '', kind = '', rest = ''] = match;
  if (kind === '=') return { label, command: rest, env: {} };
  const pairs = splitCommand(rest).map((pair): [string, string] => {
    const at = pair.indexOf('=');
    if (at < 1) throw new Error(`${pair} is not KEY=VALUE, in --variant ${text}`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  return { label, command, env: Object.fromEntries(pairs) };
}

function systemsOf(values: Values): System[] {
  const { command, label, variant } = values;
  return variant.length === 0
    ? [{ label, command, env: {} }]
    : variant.map((text) => parseVariant(text, command));
}

/** `label=file`; without the option, the committed runs of the two baselines, where they answer any of the rows. */
function baselinesOf(values: Values, rows: readonly Row[]): NamedRun[] {
  const committed = BASELINES.map(
    (name) => [name, path.join(HERE, 'baselines', 'runs', `${name}.jsonl.gz`)] as const,
  );
  const named = values.baseline.map((text) => {
    const at = text.indexOf('=');
    return at < 1
      ? ([path.basename(text), text] as const)
      : ([text.slice(0, at), text.slice(at + 1)] as const);
  });
  const files = named.length === 0 ? committed.filter(([, file]) => existsSync(file)) : named;
  const runs = files.map(([label, file]) => ({ label, run: readRun(file) }));
  // Another truth has other queries: a baseline that saw none of them would count as one that failed.
  return named.length > 0 ? runs : runs.filter(({ run }) => rows.some((row) => run.has(row.id)));
}

/** Results are committed: an absolute path in a command is cut to its last part. */
export function withoutMachinePaths(command: string): string {
  const parts = splitCommand(command);
  return parts.map((part) => (path.isAbsolute(part) ? path.basename(part) : part)).join(' ');
}

async function runOne(
  system: System,
  jobs: readonly Job[],
  places: Places,
  values: Values,
): Promise<SystemRun> {
  // Never the user's own cache. It is the machine's business: it stays out of what the report says about the system.
  const home = { CONEXUS_HOME: path.resolve(values.home ?? path.join(places.work, 'home')) };
  const work = path.join(places.work, system.label.replaceAll(/[^\w.-]/g, '_'));
  const withHome = { ...system, env: { ...home, ...system.env } };
  const results = await runSystem(withHome, jobs, { ...places, work }, Math.max(1, Number(values.jobs)));
  const run = new Map(results.flatMap((result) => [...result.results]));
  return { ...system, command: withoutMachinePaths(system.command), jobs: results, run };
}

async function main(): Promise<void> {
  const values = readValues();
  if (values.corpora === undefined)
    throw new Error('--corpora DIR is needed: the --out of prepare-corpora.ts');
  const half = parseHalf(values.split);
  const only = values.only.flatMap((value) => value.split(','));
  const rows = selectRows(loadRows(values.truth), { only, half });
  const limit = Number(values.limit);
  const places = {
    corpora: path.resolve(values.corpora),
    work: path.resolve(values.work),
    checkout: CHECKOUT,
    limit,
  };
  const systems: SystemRun[] = [];
  for (const system of systemsOf(values)) systems.push(await runOne(system, planJobs(rows), places, values));

  const made = provenance(CHECKOUT);
  const dir = path.join(values.results, `${made.date.slice(0, 10)}-${values.label}`);
  const selection = { only, half: half ?? 'all' };
  const baselines = baselinesOf(values, rows);
  const text = writeReport(dir, {
    label: values.label,
    rows,
    selection,
    limit,
    systems,
    baselines,
    provenance: made,
  });
  process.stdout.write(`${text}\nwritten to ${dir}; work files in ${places.work}\n`);
  if (systems.some(({ jobs }) => jobs.some((job) => job.error !== undefined))) process.exitCode = 1;
}

if (import.meta.main) await main();
