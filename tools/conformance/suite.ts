/** Runs the conformance suite's command and reads its counts. Its exit code says whether all checks passed; what is judged are the counts. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../checks/files.ts';

export type Revision = '2025-11-25' | '2026-07-28';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const COMMAND = join(root, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');

async function run(url: string, args: readonly string[], cwd: string): Promise<string> {
  const options = { cwd, timeout: 300_000, maxBuffer: 1 << 26 };
  return promisify(execFile)(process.execPath, [COMMAND, 'server', '--url', url, ...args], options).then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: { stdout?: string; stderr?: string }) => `${error.stdout ?? ''}${error.stderr ?? ''}`,
  );
}

export async function runScenario(
  url: string,
  scenario: string,
  version: Revision,
  cwd: string,
): Promise<Counts> {
  const out = await run(url, ['--scenario', scenario, '--spec-version', version], cwd);
  const [, passed, , failed] = /^Passed: (\d+)\/(\d+), (\d+) failed/m.exec(out) ?? [];
  if (passed === undefined) throw new Error(`${scenario} printed no result: ${out.slice(-500)}`);
  return { passed: Number(passed), failed: Number(failed) };
}

/** Scenario -> its counts, of all that the revision requires. What the suite runs beside that (extensions, later additions) is left out. */
export async function runRequirements(
  url: string,
  revision: Revision,
  cwd: string,
): Promise<Readonly<Record<string, Counts>>> {
  const out = await run(url, ['--requirements', revision], cwd);
  const [, summary, unscored] = /=== SUMMARY ===([\s\S]*?)\nNot scored for ([\s\S]*)/.exec(out) ?? [];
  if (summary === undefined || unscored === undefined)
    throw new Error(`the requirements of ${revision} printed no result: ${out.slice(-500)}`);
  const optional = new Set([...unscored.matchAll(/^\s+[✓✗] (\S+) \(/gm)].map(([, name]) => name));
  return Object.fromEntries(
    [...summary.matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed/gm)]
      .filter(([, name]) => !optional.has(name))
      .map(([, name, passed, failed]) => [name, { passed: Number(passed), failed: Number(failed) }]),
  );
}
