/** `conexus batch`: many queries, one index, one line of results each. The contract of evaluations; keep it stable. */
import type { FileHandle } from 'node:fs/promises';
import { open, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SearchHit, Workspace } from '@conexus/engine';
import { LIMITS } from '@conexus/sdk/contract';
import type { Settings } from '../config/settings.ts';
import { invalidArgument, toSafeError, UserError } from '../errors.ts';
import { formatDuration, plural } from '../render/text.ts';
import { commandWorkspaces } from '../workspaces/command-workspaces.ts';
import { EXIT } from './exit-codes.ts';
import type { Host } from './host.ts';
import type { ParsedFlags } from './options.ts';
import { progressBar } from './progress-bar.ts';

export interface BatchQuery {
  readonly id: string | number;
  readonly mode: 'search' | 'locate';
  readonly text: string;
  readonly line: number;
}

const MAX_INPUT_BYTES = 1 << 30;

export async function runBatch({ values }: ParsedFlags, settings: Settings, host: Host): Promise<number> {
  const input = required(values, 'in');
  const output = required(values, 'out');
  const limit = readLimit(values['limit']);
  const queries = parseQueries(await readInput(input, host), input);
  const bar = progressBar(host);
  const signal = host.interruption();
  const workspaces = commandWorkspaces(settings, host.loadEngine, bar.show);
  try {
    const workspace = await workspaces.open();
    await workspace.index({ signal, onProgress: bar.show });
    await workspace.adapt({ signal, onProgress: bar.show });
    bar.clear();
    // From here on changes come by events, so that no query pays for a scan.
    await workspace.watch().catch(() => undefined);
    return await answerAll(workspace, queries, { output, limit, host, signal });
  } finally {
    bar.clear();
    await workspaces.close();
  }
}

interface BatchOptions {
  readonly output: string;
  readonly limit: number;
  readonly host: Host;
  readonly signal: AbortSignal;
}

async function answerAll(
  workspace: Workspace,
  queries: readonly BatchQuery[],
  options: BatchOptions,
): Promise<number> {
  const { host, signal } = options;
  const output = await openOutput(options);
  const times: number[] = [];
  let failures = 0;
  for (const query of queries) {
    if (signal.aborted) break;
    const start = performance.now();
    const row = await answerOne(workspace, query, options);
    const ms = performance.now() - start;
    if (row.error !== undefined) failures++;
    times.push(ms);
    const line = `${JSON.stringify({ id: query.id, ...row, ms: Math.round(ms * 1000) / 1000 })}\n`;
    await output.write(line);
  }
  await output.end();
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    formatDuration(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  host.err(
    `${plural(times.length, 'query', 'queries')} answered, p50 ${at(0.5)}, p95 ${at(0.95)}${failures > 0 ? `, ${failures} failed` : ''}\n`,
  );
  if (signal.aborted) return EXIT.interrupted;
  return failures > 0 ? EXIT.failure : EXIT.ok;
}

interface BatchRow {
  readonly results: readonly Pick<SearchHit, 'path' | 'start' | 'end' | 'score'>[];
  readonly error?: { readonly code: string; readonly message: string };
}

async function answerOne(
  workspace: Workspace,
  query: BatchQuery,
  { limit, host, signal }: BatchOptions,
): Promise<BatchRow> {
  let text = query.text;
  if (text.length > LIMITS.queryChars) {
    host.err(
      `line ${query.line}: only the first ${LIMITS.queryChars} of ${text.length} characters are used\n`,
    );
    text = text.slice(0, LIMITS.queryChars);
  }
  if (text.trim() === '')
    return { results: [], error: { code: 'invalid_argument', message: 'the query is empty' } };
  const options = { limit, detail: 'locations', maxTokens: Number.MAX_SAFE_INTEGER } as const;
  try {
    const { hits } =
      query.mode === 'search'
        ? // Each passage by itself: what is measured is the ranking.
          await workspace.search({ query: text, ...options, fold: false }, { signal })
        : await workspace.locate({ task: text, ...options }, { signal });
    return { results: hits.map(({ path, start, end, score }) => ({ path, start, end, score })) };
  } catch (error) {
    const safe = toSafeError(error, (line) => host.err(`conexus: ${line}\n`));
    if (!signal.aborted) host.err(`line ${query.line}: ${safe.message}\n`);
    return { results: [], error: { code: safe.code, message: safe.message } };
  }
}

/** Every bad line is named at once: a run of an hour must not end at its last line. @throws UserError invalid_argument */
export function parseQueries(text: string, source: string): readonly BatchQuery[] {
  const queries: BatchQuery[] = [];
  const faults: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = parseLine(line, index + 1);
    if (typeof parsed === 'string') faults.push(`line ${index + 1}: ${parsed}`);
    else queries.push(parsed);
  }
  if (faults.length === 0) return queries;
  const named = faults.slice(0, 10).join('; ');
  const more = faults.length > 10 ? `; and ${faults.length - 10} more` : '';
  throw invalidArgument(
    `${source} has lines that are no queries: ${named}${more}`,
    'Write one JSON object a line, {"id", "query"} or {"id", "task"}; nothing was run.',
  );
}

function parseLine(line: string, number: number): BatchQuery | string {
  let value: unknown;
  try {
    value = JSON.parse(line.replace(/^\ufeff/, ''));
  } catch {
    return 'not JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not an object';
  const { id, query, task } = value as Record<string, unknown>;
  if (typeof id !== 'string' && typeof id !== 'number') return '"id" is missing or neither text nor a number';
  if (typeof query === 'string') return { id, mode: 'search', text: query, line: number };
  if (query === undefined && typeof task === 'string')
    return { id, mode: 'locate', text: task, line: number };
  return query === undefined && task === undefined
    ? '"query" or "task" is missing'
    : '"query" or "task" is not text';
}

async function readInput(path: string, host: Host): Promise<string> {
  if (path === '-') return host.readInput(MAX_INPUT_BYTES);
  try {
    return await readFile(resolve(host.cwd, path), 'utf8');
  } catch (error) {
    throw new UserError(
      'path_not_found',
      `The queries ${path} cannot be read (${codeOf(error)})`,
      'Give an existing file to --in, or - for standard input.',
    );
  }
}

interface Output {
  write(line: string): Promise<void>;
  end(): Promise<void>;
}

async function openOutput({ output, host }: BatchOptions): Promise<Output> {
  if (output === '-') return { write: (line) => host.out(line), end: async () => undefined };
  let file: FileHandle;
  try {
    file = await open(resolve(host.cwd, output), 'w');
  } catch (error) {
    throw new UserError(
      'path_not_found',
      `The file ${output} cannot be written (${codeOf(error)})`,
      'Give a writable place to --out.',
    );
  }
  return { write: async (line) => void (await file.write(line)), end: () => file.close() };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}

function required(values: ParsedFlags['values'], name: string): string {
  const value = values[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidArgument(
    `--${name} is missing`,
    'For example: conexus batch --in queries.jsonl --out run.jsonl',
  );
}

function readLimit(value: ParsedFlags['values'][string]): number {
  if (value === undefined) return 20;
  const limit = Number(value);
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMITS.results) return limit;
  throw invalidArgument(`--limit is "${String(value)}"`, `Give a whole number from 1 to ${LIMITS.results}.`);
}
