/** `conexus doctor`: does this machine and this root have what is needed? Tries things instead of guessing; changes nothing. */
import { execFile } from 'node:child_process';
import { access, constants, mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import type { Workspace } from '@conexus/engine';
import * as z from 'zod/v4';
import type { Settings } from '../config/settings.ts';
import { processEnvironment } from '../config/settings.ts';
import { errorLine, toSafeError } from '../errors.ts';
import { formatBytes, formatCount, plural } from '../render/text.ts';
import type { CallContext, Outcome, WorkspaceProvider } from './operation.ts';
import { defineOperation } from './operation.ts';

interface Check {
  readonly name: string;
  /** `warn`: works, with a limit. */
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
}

const CheckOutput = z.strictObject({
  name: z.string(),
  state: z.enum(['ok', 'warn', 'fail']),
  detail: z.string(),
});

export const doctor = defineOperation({
  name: 'doctor',
  title: 'Check the installation',
  description:
    'Checks Node, SQLite, the index folder, git, ripgrep, the root, its index and the embedder, and says what to do about what is missing.',
  input: z.strictObject({}),
  output: z.strictObject({ ok: z.boolean(), checks: z.array(CheckOutput) }),
  aliases: {},
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  channel: 'structured',
  tool: false,
  help: {
    command: 'doctor',
    summary: 'Check that everything needed is there, and say what to do about what is not.',
    details: ['Exit code 3 when a check fails.'],
    examples: [{ command: 'conexus doctor --root ../api', says: 'for another repository' }],
  },
  async handler(workspaces, _args, ctx) {
    const { settings } = workspaces;
    const machine = await Promise.all([
      checkNode(),
      checkSqlite(),
      checkHome(settings),
      checkGit(),
      checkWatchLimit(),
    ]);
    return [...machine, ...(await checkRoot(workspaces, ctx))];
  },
  outcome: (checks): Outcome => ({
    empty: false,
    failed: checks.some((check) => check.state === 'fail'),
    markdown: () => checks.map((check) => `${check.state}: ${check.name}: ${check.detail}`).join('\n'),
    structured: () => ({ ok: checks.every((check) => check.state !== 'fail'), checks }),
    terminal: (style) =>
      checks
        .map((check) => {
          const mark =
            check.state === 'ok'
              ? style.good('ok  ')
              : check.state === 'warn'
                ? style.bold('warn')
                : style.bad('FAIL');
          return `${mark} ${check.name.padEnd(8)} ${check.detail}`;
        })
        .join('\n'),
  }),
});

async function attempt(name: string, check: () => Promise<Check | string>): Promise<Check> {
  try {
    const result = await check();
    return typeof result === 'string' ? { name, state: 'ok', detail: result } : result;
  } catch (error) {
    return { name, state: 'fail', detail: error instanceof Error ? error.message : String(error) };
  }
}

function checkNode(): Promise<Check> {
  return attempt('node', async () => `${process.versions.node} on ${process.platform} ${process.arch}`);
}

function checkSqlite(): Promise<Check> {
  return attempt('sqlite', async () => {
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(':memory:');
    try {
      const row = db.prepare('SELECT sqlite_version() AS version').get();
      return String(row?.['version']);
    } finally {
      db.close();
    }
  });
}

function checkHome(settings: Settings): Promise<Check> {
  return attempt('home', async () => {
    const probe = join(settings.home, `.doctor-${process.pid}`);
    try {
      await mkdir(settings.home, { recursive: true });
      await writeFile(probe, '');
      await rm(probe);
    } catch {
      return {
        name: 'home',
        state: 'fail',
        detail: `${settings.home} cannot be written — set CONEXUS_HOME to a folder that can.`,
      };
    }
    const disk = await statfs(settings.home);
    const free = disk.bavail * disk.bsize;
    const detail = `${settings.home}, ${formatBytes(free)} free`;
    return free < 1 << 29
      ? {
          name: 'home',
          state: 'warn',
          detail: `${detail} — an index needs about half the size of its source.`,
        }
      : detail;
  });
}

function checkGit(): Promise<Check> {
  return attempt('git', async () => {
    try {
      // Folders of PATH that depend on where this runs are left out, as in the engine: a repository must not bring its own.
      const { env: inherited } = processEnvironment();
      const path = (inherited['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
      const env = { ...inherited, PATH: path.join(delimiter) };
      const { stdout } = await promisify(execFile)('git', ['--version'], {
        timeout: 5_000,
        env,
        cwd: tmpdir(),
      });
      return stdout.trim();
    } catch {
      return {
        name: 'git',
        state: 'warn',
        detail: 'not found — answers work, without past commits and branch names; install git to add them.',
      };
    }
  });
}

/** Linux watches each folder; beyond this limit changes are found by scanning. */
function checkWatchLimit(): Promise<Check> {
  return attempt('watch', async () => {
    if (process.platform !== 'linux') return 'provided by the system';
    const limit = Number((await readFile('/proc/sys/fs/inotify/max_user_watches', 'utf8')).trim());
    const detail = `${formatCount(limit)} folders can be watched`;
    if (limit >= 65_536) return detail;
    return {
      name: 'watch',
      state: 'warn',
      detail: `${detail} — larger repositories are scanned instead; raise fs.inotify.max_user_watches with sysctl.`,
    };
  });
}

/** Asks for one vector; where the built-in model is used there is nothing to ask. Says where the key is from, never what it is. */
async function checkEmbedder(
  workspace: Workspace,
  { embedder }: Settings,
  ctx: CallContext,
): Promise<readonly Check[]> {
  if (typeof embedder === 'string') return [];
  const name = 'embedder';
  const started = performance.now();
  try {
    const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(EMBEDDER_MS)]);
    const found = await workspace.probeEmbedder(signal);
    const key = embedder.key === undefined ? 'no key' : `key from ${embedder.key.from}`;
    const ms = Math.round(performance.now() - started);
    return [
      {
        name,
        state: 'ok',
        detail: `${found?.name ?? embedder.provider} answers in ${ms} ms with ${found?.dimensions ?? 0} dimensions, ${key}`,
      },
    ];
  } catch (error) {
    return [{ name, state: 'fail', detail: errorLine(toSafeError(error, () => undefined)) }];
  }
}

const EMBEDDER_MS = 15_000;

async function checkRoot(workspaces: WorkspaceProvider, ctx: CallContext): Promise<readonly Check[]> {
  const { settings } = workspaces;
  try {
    const workspace = await workspaces.open();
    await access(workspace.root, constants.R_OK);
    const status = await workspace.status();
    const state =
      status.state === 'ready'
        ? `${plural(status.files, 'file')}, ${plural(status.chunks, 'passage')}`
        : 'not built yet (the first search builds it)';
    const ripgrep = await attempt('ripgrep', async () => {
      const { ms } = await workspace.grep(
        { pattern: 'conexus-doctor-probe', limit: 1 },
        { signal: ctx.signal },
      );
      return `answers in ${Math.max(1, Math.round(ms))} ms`;
    });
    return [
      { name: 'root', state: 'ok', detail: `${workspace.root} (from ${settings.rootFrom})` },
      {
        name: 'index',
        state: 'ok',
        detail: `${state}, ${formatBytes(status.storeBytes)} in ${status.storeFile}`,
      },
      ...status.notices.map((detail): Check => ({ name: 'index', state: 'warn', detail })),
      ripgrep,
      ...(await checkEmbedder(workspace, settings, ctx)),
    ];
  } catch (error) {
    return [{ name: 'root', state: 'fail', detail: errorLine(toSafeError(error, () => undefined)) }];
  }
}
