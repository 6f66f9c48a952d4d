/**
 * Raw settings (flags, environment, working folder) -> resolved settings. The only module that reads the environment;
 * `bin/start.cjs` repeats the default of `home` because it runs before any module is loaded.
 * No file of the indexed repository is read here: a repository must not steer the server.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type EmbedderSettings, readEmbedderSettings } from './embedder-settings.ts';
import { readChoice, readInteger, refuseProblems, type SettingReader } from './problems.ts';

export interface RawSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: string;
  /** `--root`. */
  readonly root?: string | undefined;
}

export interface Settings extends EmbedderSettings {
  readonly root: string;
  /** Where the root came from, for `doctor` and error messages. */
  readonly rootFrom: '--root' | 'CONEXUS_ROOT' | 'CLAUDE_PROJECT_DIR' | 'working folder';
  /** Folder for `cache/` and `state/`. */
  readonly home: string;
  /** A call over MCP must be answered within this. */
  readonly deadlineMs: number;
  readonly workers: number | undefined;
  readonly maxCacheBytes: number | undefined;
  readonly maxFileBytes: number | undefined;
  /** Whether the built-in model learns each repository's own words. */
  readonly adapts: boolean;
  /** Where traces of a shared server go; undefined: none are made. */
  readonly otlpEndpoint: string | undefined;
  readonly serviceName: string | undefined;
  /** NO_COLOR (no-color.org) or TERM=dumb forbids, FORCE_COLOR demands; undefined: decided by the stream. */
  readonly color: boolean | undefined;
}

export const SETTING_HELP: readonly { readonly name: string; readonly help: string }[] = [
  {
    name: 'CONEXUS_ROOT',
    help: 'The repository, when --root is not given. Then CLAUDE_PROJECT_DIR, then the working folder.',
  },
  {
    name: 'CONEXUS_HOME',
    help: 'Where indexes are kept. Default: conexus in XDG_CACHE_HOME or the cache folder of the system.',
  },
  { name: 'CONEXUS_DEADLINE_MS', help: 'Longest time for one MCP call, in milliseconds. Default 30000.' },
  { name: 'CONEXUS_WORKERS', help: 'Parser threads. Default: one for each core, at most 8.' },
  {
    name: 'CONEXUS_MAX_CACHE_BYTES',
    help: 'All indexes together; the least recently used goes first. Default 10 GiB.',
  },
  { name: 'CONEXUS_MAX_FILE_BYTES', help: 'Larger files are skipped and counted. Default 2 MiB.' },
  {
    name: 'CONEXUS_EMBEDDER',
    help: 'What compares by meaning: builtin (default; nothing leaves the machine), none, or openai, azure, ollama, lmstudio, vllm, tei, voyage, cohere, gemini, onnx. See guides/embedders.md.',
  },
  {
    name: 'CONEXUS_ADAPT',
    help: '0: the built-in model does not learn the words of each repository in the background. Default 1.',
  },
  {
    name: 'CONEXUS_RERANKER',
    help: 'Reorders the first hits of questions: none (default), cohere, voyage, tei.',
  },
  { name: 'CONEXUS_SERVE_CONFIG', help: 'Configuration of `conexus serve`, when --config is not given.' },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    help: '`conexus serve` sends traces there, as OTLP over HTTP, e.g. http://localhost:4318. Default: none.',
  },
  { name: 'OTEL_SERVICE_NAME', help: 'Name of the service in traces. Default conexus.' },
  { name: 'NO_COLOR', help: 'Any value: no colours.' },
];

/** @throws UserError invalid_argument with everything that is wrong, each with its fix */
export function resolveSettings(raw: RawSettings): Settings {
  const { root, from } = chooseRoot(raw);
  const reader: SettingReader = { raw, problems: [] };
  const settings: Settings = {
    root: resolve(raw.cwd, root),
    rootFrom: from,
    home: resolve(raw.cwd, resolveHome(raw)),
    deadlineMs: readInteger(reader, 'CONEXUS_DEADLINE_MS', 100, 600_000) ?? 30_000,
    workers: readInteger(reader, 'CONEXUS_WORKERS', 1, 64),
    maxCacheBytes: readInteger(reader, 'CONEXUS_MAX_CACHE_BYTES', 1 << 20, Number.MAX_SAFE_INTEGER),
    maxFileBytes: readInteger(reader, 'CONEXUS_MAX_FILE_BYTES', 1 << 10, 1 << 30),
    adapts: readChoice(reader, 'CONEXUS_ADAPT', ['0', '1']) !== '0',
    otlpEndpoint: raw.env['OTEL_EXPORTER_OTLP_ENDPOINT'] || undefined,
    serviceName: raw.env['OTEL_SERVICE_NAME'] || undefined,
    color: resolveColor(raw.env),
    ...readEmbedderSettings(reader),
  };
  refuseProblems(reader.problems);
  return settings;
}

/** What this process was started with. */
export function processEnvironment(): Omit<RawSettings, 'root'> {
  return { env: process.env, cwd: process.cwd(), platform: process.platform };
}

function chooseRoot(raw: RawSettings): { readonly root: string; readonly from: Settings['rootFrom'] } {
  if (raw.root !== undefined) return { root: raw.root, from: '--root' };
  const named = raw.env['CONEXUS_ROOT'];
  if (named) return { root: named, from: 'CONEXUS_ROOT' };
  const project = raw.env['CLAUDE_PROJECT_DIR'];
  if (project) return { root: project, from: 'CLAUDE_PROJECT_DIR' };
  return { root: raw.cwd, from: 'working folder' };
}

function resolveHome({ env, platform }: RawSettings): string {
  if (env['CONEXUS_HOME']) return env['CONEXUS_HOME'];
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'conexus');
  if (platform === 'win32' && env['LOCALAPPDATA']) return join(env['LOCALAPPDATA'], 'conexus');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'conexus');
  return join(homedir(), '.cache', 'conexus');
}

function resolveColor(env: RawSettings['env']): boolean | undefined {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return env['TERM'] === 'dumb' ? false : undefined;
}
