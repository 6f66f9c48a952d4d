// Where and from what a result was made. No host name, no path: nothing that says whose machine it was.
import { execFileSync } from 'node:child_process';
import os from 'node:os';

export interface Provenance {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly commit: string;
  /** The checkout had changes that no commit holds. */
  readonly dirty: boolean;
}

function gitOutput(checkout: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', ['-C', checkout, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

export function provenance(checkout: string): Provenance {
  const cpus = os.cpus();
  return {
    date: new Date().toISOString(),
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
    commit: gitOutput(checkout, ['rev-parse', 'HEAD']) ?? 'none',
    // Results themselves, and text about them, change nothing that was measured.
    dirty:
      (gitOutput(checkout, ['status', '--porcelain', '--', 'packages', 'package-lock.json']) ?? '') !== '',
  };
}

/** One line under the heading of a result. */
export function madeBy({ date, commit, dirty, node, cpu, cores }: Provenance): string {
  return `${date}, commit ${commit.slice(0, 12)}${dirty ? ' with uncommitted changes' : ''}, Node ${node}, ${cpu}, ${cores} cores.`;
}
