// Runs a system over one index target: queries out, results back, paths mapped to the repository.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { type IndexTarget, targetKey, targetOf } from '../corpora/names.ts';
import type { Hit } from '../scoring/measures.ts';
import { readRun } from '../scoring/run-file.ts';
import type { Row } from '../truth.ts';

export interface System {
  readonly label: string;
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Job {
  readonly target: IndexTarget;
  readonly rows: readonly Row[];
}

export interface JobResult {
  readonly target: string;
  readonly queries: number;
  readonly seconds: number;
  readonly error?: string;
  readonly results: Map<string, readonly Hit[]>;
}

export interface Places {
  readonly corpora: string;
  readonly work: string;
  readonly checkout: string;
  readonly limit: number;
}

/** One job per index target, largest query sets first so that parallel jobs end together. */
export function planJobs(rows: readonly Row[]): Job[] {
  const groups = Map.groupBy(rows, (row) => targetKey(targetOf(row)));
  const jobs = [...groups.values()].flatMap((members) => {
    const first = members[0];
    return first === undefined ? [] : [{ target: targetOf(first), rows: members }];
  });
  return jobs.sort((a, b) => b.rows.length - a.rows.length);
}

/** All that a system may see of a row. `name`, `gold`, `functions` and the rest hold the answer. */
export function queryLine(row: Row): string {
  const { id, task, query } = row;
  return JSON.stringify(task === undefined ? { id, query } : { id, task });
}

/** Splits a command at blanks, honouring quotes. No shell: a path can hold any character. */
export function splitCommand(command: string): string[] {
  const parts = command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return parts.map((part) => part.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

/** Fills `{root}`, `{in}`, `{out}` and `{limit}`; a template without any gets them as options. */
export function fillCommand(template: string, values: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(values);
  const hasPlace = names.some((name) => template.includes(`{${name}}`));
  const full = hasPlace ? template : `${template} ${names.map((name) => `--${name} {${name}}`).join(' ')}`;
  return splitCommand(full).map((part) =>
    part.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place),
  );
}

/**
 * Gold paths are relative to the repository, also for rows with a `root`. A system that indexes that folder answers
 * relative to it; one that answers relative to the repository is taken at its word.
 */
export function toRepositoryPath(
  result: string,
  root: string,
  exists: (relative: string) => boolean,
): string {
  const clean = result.replaceAll('\\', '/').replace(/^\.\//, '');
  if (root === '') return clean;
  const below = `${root}/${clean}`;
  return exists(below) || !clean.startsWith(`${root}/`) ? below : clean;
}

function spawnCommand(
  argv: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  logFile: string,
): Promise<void> {
  const [program = '', ...args] = argv;
  const log = createWriteStream(logFile);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      log.end();
      if (code === 0) resolve();
      else reject(new Error(`ended with ${signal ?? code}; see ${path.basename(logFile)}`));
    });
  });
}

function readResults(file: string, job: Job, corpusDir: string): Map<string, readonly Hit[]> {
  const asked = new Set(job.rows.map((row) => row.id));
  const { root } = job.target;
  const exists = (relative: string): boolean => existsSync(path.join(corpusDir, relative));
  const results = new Map<string, readonly Hit[]>();
  for (const [id, hits] of readRun(file)) {
    if (!asked.has(id)) continue;
    results.set(
      id,
      hits.map((hit) => ({ ...linesOf(hit), path: toRepositoryPath(hit.path, root, exists) })),
    );
  }
  return results;
}

/** `node` in a command means the Node that runs the suite, whatever the machine has first on its path. */
function pathWithOwnNode(): string {
  return [path.dirname(process.execPath), process.env.PATH ?? ''].join(path.delimiter);
}

/** Keeps only what a run file holds: a system may add scores or text. */
function linesOf(hit: Hit): Omit<Hit, 'path'> {
  return hit.start === undefined || hit.end === undefined ? {} : { start: hit.start, end: hit.end };
}

export async function runJob(system: System, job: Job, places: Places): Promise<JobResult> {
  const { corpus, root } = job.target;
  const corpusDir = path.join(places.corpora, corpus);
  const name = targetKey(job.target).replaceAll(/[^\w.@+-]/g, '_');
  const file = (suffix: string): string => path.join(places.work, `${name}.${suffix}`);
  mkdirSync(places.work, { recursive: true });
  writeFileSync(file('queries.jsonl'), job.rows.map((row) => `${queryLine(row)}\n`).join(''));
  rmSync(file('run.jsonl'), { force: true });
  const values = {
    root: path.join(corpusDir, root),
    in: file('queries.jsonl'),
    out: file('run.jsonl'),
    limit: String(places.limit),
  };
  const started = performance.now();
  const done = (results: Map<string, readonly Hit[]>): JobResult => ({
    target: targetKey(job.target),
    queries: job.rows.length,
    seconds: (performance.now() - started) / 1000,
    results,
  });
  try {
    if (!existsSync(values.root)) throw new Error('corpus is not there; run prepare-corpora.ts');
    const env = { ...process.env, PATH: pathWithOwnNode(), ...system.env };
    await spawnCommand(fillCommand(system.command, values), places.checkout, env, file('log'));
    return done(readResults(values.out, job, corpusDir));
  } catch (error) {
    return { ...done(new Map()), error: error instanceof Error ? error.message : String(error) };
  }
}

/** Runs all jobs of a system, `width` at a time. */
export async function runSystem(
  system: System,
  jobs: readonly Job[],
  places: Places,
  width: number,
): Promise<JobResult[]> {
  const results: JobResult[] = [];
  const waiting = [...jobs];
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const result = await runJob(system, job, places);
      const state = result.error === undefined ? 'done  ' : 'FAILED';
      process.stderr.write(
        `${state} ${system.label} ${result.target} ${result.seconds.toFixed(1)} s ${result.error ?? ''}\n`,
      );
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results.sort((a, b) => (a.target < b.target ? -1 : 1));
}
