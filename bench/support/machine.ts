/** What a run's figures depend on besides the code. No host name, no path. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly platform: string;
  readonly node: string;
  readonly sqlite: string;
  readonly commit: string;
  /** Load of the machine before the scenario began: above 1 a core, others were at work. */
  readonly load: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    sqlite: process.versions['sqlite'] ?? 'unknown',
    commit: commitOf(),
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}

/** For the name of a run's folder: `2-core-intel-xeon`. */
export function machineSlug({ cpu, cores }: Machine): string {
  const words = cpu
    .toLowerCase()
    .replace(/\(r\)|\(tm\)|@.*$|cpu|processor/g, ' ')
    .match(/[a-z0-9]+/g) ?? ['cpu'];
  return [`${cores}-core`, ...words.slice(0, 3)].join('-');
}

function commitOf(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
    const dirty = git('status', '--porcelain', '--', '../../packages/engine/src', '..') !== '';
    return git('rev-parse', '--short=12', 'HEAD') + (dirty ? ' with changes' : '');
  } catch {
    return 'unknown';
  }
}
