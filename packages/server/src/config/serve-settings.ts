/**
 * Flags and configuration file of `conexus serve` -> settings. Every fault is named at once, each with its key and the
 * fix, because a server is configured by people who do not read its code. Reads no repository.
 */
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { REPOSITORY_NAME } from '@conexus/sdk/contract';
import type * as z from 'zod/v4';
import { invalidArgument } from '../errors.ts';
import type { RepositoryRoot } from '../workspaces/repositories.ts';
import type { ObserveSettings } from './observe-settings.ts';
import { defaultQueryThreads } from './query-threads.ts';
import { contradictions, tlsFaults } from './serve-faults.ts';
import { type OAuthSettings, SERVE_FILE, type ServeFile } from './serve-file.ts';

type Limit = keyof ServeFile['limits'];

export interface ServeSettings {
  readonly host: string;
  readonly port: number;
  readonly repositories: readonly RepositoryRoot[];
  /** undefined: not said; keys, unless the address is loopback and no key exists. */
  readonly auth: 'keys' | 'none' | undefined;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly oauth: OAuthSettings | undefined;
  /** 0: no answers are kept. */
  readonly cacheBytes: number;
  /** Threads that answer searches; 0: the thread that speaks HTTP does. */
  readonly queryThreads: number;
  readonly audit: boolean | undefined;
  readonly observe: ObserveSettings;
  readonly limits: Readonly<Record<Limit, number>>;
}

export interface RawServeSettings {
  readonly cwd: string;
  /** Value of `--config` or CONEXUS_SERVE_CONFIG. */
  readonly file: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  /** `NAME=DIR` or `DIR`. */
  readonly repositories: readonly string[];
  readonly auth?: string | undefined;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly metricsPort?: string | undefined;
  readonly queryThreads?: string | undefined;
  readonly logFormat?: string | undefined;
  /** A server starts with them: files that they name are looked at, too. */
  readonly checksFiles?: boolean | undefined;
  /** Standard error is a terminal. */
  readonly isTerminal?: boolean | undefined;
  /** OTEL_EXPORTER_OTLP_ENDPOINT: traces go there. */
  readonly otlpEndpoint?: string | undefined;
  readonly serviceName?: string | undefined;
  /** The repository of every other command, when none is named. */
  readonly root: string;
}

/** @throws UserError invalid_argument with every fault */
export function resolveServeSettings(raw: RawServeSettings): ServeSettings {
  const faults: string[] = [];
  const base = raw.file === undefined ? raw.cwd : dirname(resolve(raw.cwd, raw.file));
  const { file, wrong } = readValid(withFlags(readFile(raw, faults), raw, faults), faults);
  const settings = settingsOf(file, raw, base, faults);
  // What was left out because it is wrong contradicts nothing.
  const files = raw.checksFiles === true ? tlsFaults(settings) : [];
  for (const { keys, fault } of [...contradictions(settings), ...files])
    if (!keys.some((key) => wrong.has(key))) faults.push(fault);
  if (faults.length > 0) throw refusal(faults);
  return settings;
}

/** What is wrong goes into `faults` and out of the file, so that the rest is looked at, too. */
function readValid(
  given: Record<string, unknown>,
  faults: string[],
): { readonly file: ServeFile; readonly wrong: ReadonlySet<string> } {
  const wrong = new Set<string>();
  const first = SERVE_FILE.safeParse(given);
  if (first.success) return { file: first.data, wrong };
  for (const issue of first.error.issues) {
    faults.push(wording(issue));
    const [key] = issue.path;
    for (const name of key === undefined && issue.code === 'unrecognized_keys' ? issue.keys : [String(key)])
      wrong.add(name);
  }
  const rest = Object.entries(given).filter(([key]) => !wrong.has(key) || key === 'repositories');
  const second = SERVE_FILE.safeParse(
    Object.fromEntries(rest.map(([key, value]) => [key, key === 'repositories' ? textsOf(value) : value])),
  );
  return { file: second.data ?? SERVE_FILE.parse({}), wrong };
}

function textsOf(value: unknown): Record<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([, folder]) => typeof folder === 'string' && folder !== ''));
}

function settingsOf(file: ServeFile, raw: RawServeSettings, base: string, faults: string[]): ServeSettings {
  const { tls, error_reports: reports } = file;
  return {
    host: file.host,
    port: file.port,
    repositories: readRepositories(raw, file.repositories, base, faults),
    auth: file.auth,
    allowedHosts: file.allowed_hosts.map((name) => name.toLowerCase()),
    allowedOrigins: file.allowed_origins.map((origin) => origin.toLowerCase()),
    tls: tls && { cert: resolve(base, tls.cert), key: resolve(base, tls.key) },
    oauth: file.oauth,
    cacheBytes: file.cache_bytes,
    queryThreads: file.query_threads ?? defaultQueryThreads(),
    audit: file.audit,
    observe: {
      metrics: file.metrics,
      log: { format: file.log.format ?? (raw.isTerminal ? 'text' : 'json'), level: file.log.level },
      traces:
        raw.otlpEndpoint === undefined
          ? undefined
          : { endpoint: raw.otlpEndpoint, serviceName: raw.serviceName ?? 'conexus' },
      errorReports: reports && {
        url: reports.url,
        authorization: readHeader(reports.authorization_file, base, faults),
      },
    },
    limits: file.limits,
  };
}

const MAX_HEADER_BYTES = 4_096;

/** Its text appears in no message. */
function readHeader(file: string | undefined, base: string, faults: string[]): string | undefined {
  if (file === undefined) return undefined;
  const key = 'error_reports.authorization_file';
  try {
    const path = resolve(base, file);
    const text = statSync(path).size <= MAX_HEADER_BYTES ? readFileSync(path, 'utf8').trim() : '';
    if (/^[\x21-\x7e][\x20-\x7e]*$/.test(text)) return text;
    faults.push(`${key}: "${file}" holds no value of a header; put one line of text into it`);
  } catch (error) {
    faults.push(`${key}: "${file}" cannot be read (${codeOf(error)}); give an existing file`);
  }
  return undefined;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}

function readFile(raw: RawServeSettings, faults: string[]): Record<string, unknown> {
  if (raw.file === undefined) return {};
  let text: string;
  try {
    text = readFileSync(resolve(raw.cwd, raw.file), 'utf8');
  } catch (error) {
    faults.push(`${raw.file} cannot be read (${codeOf(error)}); give an existing file to --config`);
    return {};
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
    faults.push(`${raw.file} holds no JSON object; see docs/guides/serve.md for an example`);
  } catch (error) {
    faults.push(
      `${raw.file} is not JSON (${error instanceof Error ? error.message.slice(0, 120) : 'unreadable'})`,
    );
  }
  return {};
}

/** A flag says more than the file. */
function withFlags(
  file: Record<string, unknown>,
  raw: RawServeSettings,
  faults: string[],
): Record<string, unknown> {
  const port = readPort('--port', raw.port, faults);
  const metricsPort = readPort('--metrics-port', raw.metricsPort, faults);
  const threads = readThreads(raw.queryThreads, faults);
  return {
    ...file,
    ...(raw.host !== undefined && { host: raw.host }),
    ...(port !== undefined && { port }),
    ...(threads !== undefined && { query_threads: threads }),
    ...(metricsPort !== undefined && { metrics: { ...objectAt(file, 'metrics'), port: metricsPort } }),
    ...(raw.logFormat !== undefined && { log: { ...objectAt(file, 'log'), format: raw.logFormat } }),
    ...(raw.auth !== undefined && { auth: raw.auth }),
    ...(raw.allowedHosts.length > 0 && { allowed_hosts: raw.allowedHosts }),
    ...(raw.allowedOrigins.length > 0 && { allowed_origins: raw.allowedOrigins }),
  };
}

function readPort(flag: string, text: string | undefined, faults: string[]): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (text.trim() !== '' && Number.isInteger(port)) return port;
  faults.push(`${flag} is "${text}", not a whole number from 0 to 65535`);
  return undefined;
}

function readThreads(text: string | undefined, faults: string[]): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  faults.push(`--query-threads is "${text}", not a whole number from 0 to 16`);
  return undefined;
}

function objectAt(file: Readonly<Record<string, unknown>>, key: string): object {
  const value = file[key];
  return typeof value === 'object' && value !== null ? value : {};
}

/** Of the flags if there are any, else of the file, else the repository that every command would take. */
function readRepositories(
  raw: RawServeSettings,
  file: Readonly<Record<string, string>>,
  base: string,
  faults: string[],
): readonly RepositoryRoot[] {
  const named: RepositoryRoot[] =
    raw.repositories.length > 0
      ? raw.repositories.map((text) => fromFlag(text, raw.cwd))
      : Object.entries(file).map(([name, folder]) => ({ name, root: resolve(base, folder) }));
  if (named.length === 0)
    return [fromFlag(raw.root, raw.cwd)].map((one) => ({ ...one, name: safeName(one.name) }));
  const seen = new Set<string>();
  for (const { name } of named) {
    if (!REPOSITORY_NAME.test(name))
      faults.push(
        `repositories: "${name.slice(0, 80)}" is no name; use letters, digits, ".", "_" and "-", at most 64, e.g. --repo api=../api`,
      );
    if (seen.has(name)) faults.push(`repositories: "${name}" is given twice; name one of them otherwise`);
    seen.add(name);
  }
  return named;
}

function fromFlag(text: string, cwd: string): RepositoryRoot {
  const [, name, folder] = /^([^=/\\]+)=(.+)$/s.exec(text) ?? [];
  if (name !== undefined && folder !== undefined) return { name, root: resolve(cwd, folder) };
  const root = resolve(cwd, text);
  return { name: basename(root), root };
}

/** Nobody chose this name, so nobody can mend it. */
function safeName(name: string): string {
  return REPOSITORY_NAME.test(name) ? name : 'repository';
}

function wording(issue: z.core.$ZodIssue): string {
  const key = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys')
    return `${key === '' ? '' : `${key}: `}unknown key ${issue.keys.map((name) => `"${name.slice(0, 60)}"`).join(', ')}; see docs/guides/serve.md for those that exist`;
  return `${key}: ${issue.message}`;
}

function refusal(faults: readonly string[]): Error {
  const list = faults.length === 1 ? ` ${faults[0]}` : faults.map((fault) => `\n  - ${fault}`).join('');
  return invalidArgument(
    `The configuration of the server is wrong:${list}`,
    'Correct it and start again; nothing was started. See "conexus serve --help".',
  );
}
