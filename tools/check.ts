/**
 * Runs every check of the project and says which failed: what CI runs, and what green means.
 * Usage: npm run check [-- PART...]     parts by name, e.g. `npm run check -- types tests`
 * The static checks run two at a time; the tests follow alone, because some of them measure time.
 * The last line counts tests and checks: `N passed, N failed`. Knows the parts only by their commands.
 */
import { availableParallelism } from 'node:os';
import { type PartResult, parts, runPart } from './checks/parts.ts';

async function main(wanted: readonly string[]): Promise<number> {
  const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) {
    console.log(
      `unknown part: ${unknown.join(', ')}; there are ${parts.map((part) => part.name).join(', ')}`,
    );
    return 2;
  }
  const chosen = parts.filter((part) => wanted.length === 0 || wanted.includes(part.name));
  const started = performance.now();
  const results: PartResult[] = [];

  const quiet = chosen.filter((part) => !part.alone);
  const next = quiet[Symbol.iterator]();
  const lanes = Math.min(2, availableParallelism());
  const lane = async (): Promise<void> => {
    for (const part of next) results.push(report(await runPart(part)));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  for (const part of chosen.filter((each) => each.alone)) results.push(report(await runPart(part)));

  return summarize(results, performance.now() - started);
}

function report(result: PartResult): PartResult {
  const mark = result.ok ? 'ok  ' : 'FAIL';
  console.log(`${mark} ${result.name.padEnd(8)} ${seconds(result.ms).padStart(7)}  ${result.summary}`);
  if (!result.ok && result.output !== '') console.log(result.output.replace(/^/gm, '     | '));
  return result;
}

function summarize(results: readonly PartResult[], ms: number): number {
  const failedParts = results.filter((result) => !result.ok);
  const tests = results.find((result) => result.tests !== undefined)?.tests;
  console.log('');
  if (failedParts.length > 0) console.log(`failed: ${failedParts.map((part) => part.name).join(', ')}`);
  console.log(
    `${results.length} checks in ${seconds(ms)}; tests: ${tests?.passed ?? 0} passed, ${tests?.failed ?? 0} failed`,
  );

  // A part that holds tests counts by its tests; the others count one each, so that no failure can hide.
  const others = results.filter(
    (result) => result.tests === undefined || (!result.ok && result.tests.failed === 0),
  );
  const passed = (tests?.passed ?? 0) + others.filter((result) => result.ok).length;
  const failed = (tests?.failed ?? 0) + others.filter((result) => !result.ok).length;
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

process.exitCode = await main(process.argv.slice(2));
