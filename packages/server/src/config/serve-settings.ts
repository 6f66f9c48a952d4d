/**
 * Flags and configuration file of `conexus serve` -> settings. Every fault is named at once, each with its key and the
 * fix, because a server is configured by people who do not read its code. Reads no repository.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { basename, dirname, resolve } from 'node:path';
import { REPOSITORY_NAME } from '@conexus/sdk/contract';
import * as z from 'zod/v4';
import { invalidArgument } from '../errors.ts';
import type { RepositoryRoot } from '../workspaces/repositories.ts';
import { LOG_LEVELS, type ObserveSettings } from './observe-settings.ts';

const count = (max: number) => z.number().int().min(1).max(max);

const Limits = z.strictObject({
  body_bytes: count(16 << 20)
    .min(1024)
    .default(1 << 20)
    .describe('Largest request body.'),
  json_depth: count(512).min(8).default(32).describe('Deepest nesting of a request body.'),
  connections: count(100_000).default(2_000).describe('Open connections; further ones are closed at once.'),
  in_flight: count(10_000).default(128).describe('Requests worked on at once; further ones get 503.'),
  principal_in_flight: count(10_000).default(32).describe('The same for one key; further ones get 429.'),
  principal_rate: count(1_000_000)
    .default(100)
    .describe('Requests a second for one key, on average; beyond that 429.'),
  principal_burst: count(1_000_000).default(200).describe('Requests of one key that may come at once.'),
  header_ms: count(600_000).default(10_000).describe('Longest time until the head of a request has arrived.'),
  request_ms: count(600_000).default(30_000).describe('Longest time until a whole request has arrived.'),
  idle_ms: count(3_600_000).default(65_000).describe('A connection without traffic is closed after this.'),
  drain_ms: count(600_000).default(10_000).describe('What requests get to end when the server is stopped.'),
});

const OAuth = z.strictObject({
  issuer: z.string().min(1).max(500).describe('Who signs tokens, exactly as their claim iss says.'),
  resource: z
    .url()
    .describe(
      'Address of MCP as clients know it, e.g. https://conexus.example.org/mcp; tokens name it in aud.',
    ),
  jwks_uri: z.url().describe('Where the public keys of the issuer are.'),
  algorithms: z
    .array(z.enum(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']))
    .min(1)
    .default(['RS256', 'PS256', 'ES256', 'EdDSA'])
    .describe('Signatures that are taken.'),
  repositories_claim: z
    .string()
    .min(1)
    .max(200)
    .default('conexus_repositories')
    .describe('Claim with the names of repositories that a token may read; "*" for all.'),
  default_repositories: z
    .array(z.string().min(1))
    .default([])
    .describe('For tokens without that claim; ["*"] for all. Default: none.'),
});

/** The configuration file. Descriptions are printed in docs/guides/serve.md. */
const ServeFile = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  port: z.number().int().min(0).max(65_535).default(7979).describe('Port to listen on; 0: any free one.'),
  repositories: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe('Name -> folder, relative to this file.'),
  auth: z
    .enum(['keys', 'none'])
    .optional()
    .describe('Who may ask. Default: keys; none on a loopback address while no key exists.'),
  allowed_hosts: z
    .array(z.string().min(1).max(255))
    .max(100)
    .default([])
    .describe('Names under which clients reach the server (Host header), beside the address itself.'),
  allowed_origins: z
    .array(z.string().min(1).max(255))
    .max(100)
    .default([])
    .describe('Web pages that may ask (Origin header), such as https://app.example.org.'),
  tls: z
    .strictObject({
      cert: z.string().min(1).describe('Certificate with its chain.'),
      key: z.string().min(1).describe('Its private key.'),
    })
    .optional()
    .describe('PEM files, relative to this file; without them put a TLS proxy in front.'),
  oauth: OAuth.optional().describe('Takes access tokens of an OAuth 2.1 provider, beside keys.'),
  metrics: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
      port: z.number().int().min(0).max(65_535).default(9464).describe('Port; 0: any free one.'),
    })
    .optional()
    .describe('Offers Prometheus metrics at /metrics, on a listener of their own. Default: nowhere.'),
  log: z
    .strictObject({
      format: z.enum(['json', 'text']).optional().describe('Default: text at a terminal, else json.'),
      level: z.enum(LOG_LEVELS).default('info').describe('Least serious level that is written.'),
    })
    .prefault({})
    .describe('Logs: JSON on standard output, text on standard error.'),
  cache_bytes: z
    .number()
    .int()
    .min(0)
    .max(4 * 2 ** 30)
    .default(32 << 20)
    .describe('Memory for answers that are given again while nothing has changed; 0: none are kept.'),
  audit: z.boolean().optional().describe('Write the audit log. Default: when keys are needed.'),
  limits: Limits.prefault({}).describe('See below.'),
});

/** JSON Schema of the configuration file, for its documentation. */
export function serveFileSchema(): unknown {
  return z.toJSONSchema(ServeFile, { io: 'input' });
}

export type OAuthSettings = z.infer<typeof OAuth>;
type Limit = keyof z.infer<typeof Limits>;

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
  readonly logFormat?: string | undefined;
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
  const given = withFlags(readFile(raw, faults), raw, faults);
  const parsed = ServeFile.safeParse(given);
  if (!parsed.success) faults.push(...parsed.error.issues.map(wording));
  const repositories = readRepositories(raw, parsed.data?.repositories ?? {}, base, faults);
  if (!parsed.success) throw refusal(faults);
  const file = parsed.data;
  const settings: ServeSettings = {
    host: file.host,
    port: file.port,
    repositories,
    auth: file.auth,
    allowedHosts: file.allowed_hosts.map((name) => name.toLowerCase()),
    allowedOrigins: file.allowed_origins.map((origin) => origin.toLowerCase()),
    tls: file.tls && { cert: resolve(base, file.tls.cert), key: resolve(base, file.tls.key) },
    oauth: file.oauth,
    cacheBytes: file.cache_bytes,
    audit: file.audit,
    observe: {
      metrics: file.metrics,
      log: { format: file.log.format ?? (raw.isTerminal ? 'text' : 'json'), level: file.log.level },
      traces:
        raw.otlpEndpoint === undefined
          ? undefined
          : { endpoint: raw.otlpEndpoint, serviceName: raw.serviceName ?? 'conexus' },
    },
    limits: file.limits,
  };
  faults.push(...contradictions(settings));
  if (faults.length > 0) throw refusal(faults);
  return settings;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function contradictions({
  host,
  auth,
  allowedHosts,
  allowedOrigins,
  limits,
  oauth,
}: ServeSettings): string[] {
  const faults: string[] = oauth === undefined ? [] : oauthFaults(oauth, auth);
  if (!isLoopback(host)) {
    if (auth === 'none')
      faults.push(
        `auth is "none" and host is "${host}": everybody who reaches this machine could read the code; use auth "keys", or host 127.0.0.1`,
      );
    if ((host === '0.0.0.0' || host === '::') && allowedHosts.length === 0)
      faults.push(
        `allowed_hosts is empty and host is "${host}": name what clients call this server, e.g. ["conexus.example.org"]`,
      );
  }
  for (const origin of allowedOrigins)
    if (!/^https?:\/\/[^/\s]+$/.test(origin))
      faults.push(
        `allowed_origins: "${origin}" is no origin; write it as https://app.example.org, without a path`,
      );
  for (const name of allowedHosts)
    if (/[/\s]/.test(name))
      faults.push(`allowed_hosts: "${name}" is no host name; leave out scheme and path`);
  if (limits.principal_in_flight > limits.in_flight)
    faults.push('limits.principal_in_flight is above limits.in_flight: one key could shut out all others');
  return faults;
}

function oauthFaults({ resource, jwks_uri }: OAuthSettings, auth: ServeSettings['auth']): string[] {
  const faults: string[] = [];
  for (const [key, value] of Object.entries({ resource, jwks_uri })) {
    const { protocol, hostname } = new URL(value);
    if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, ''))))
      faults.push(`oauth.${key}: "${value}" can be read and changed on its way; use https`);
  }
  if (auth === 'none')
    faults.push('oauth is set and auth is "none": leave auth out, so that tokens and keys are wanted');
  return faults;
}

function readFile(raw: RawServeSettings, faults: string[]): Record<string, unknown> {
  if (raw.file === undefined) return {};
  let text: string;
  try {
    text = readFileSync(resolve(raw.cwd, raw.file), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    faults.push(`${raw.file} cannot be read (${code}); give an existing file to --config`);
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
  return {
    ...file,
    ...(raw.host !== undefined && { host: raw.host }),
    ...(port !== undefined && { port }),
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
