/**
 * Static security rules of what ships: processes, network, writes, code and patterns made at run time only in the files of `security/doors.ts`;
 * eval, shells, unverified certificates and weak hashes nowhere. A rule is about syntax: what a door does is for its tests and its readers.
 * Usage: node tools/check-security.ts. Prints one problem a line; changes nothing.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFiles, root } from './checks/files.ts';
import type { Capability, Door } from './security/doors.ts';
import { DOORS } from './security/doors.ts';
import { findUses } from './security/find-uses.ts';

const PRODUCT = /^packages\/[^/]+\/(src|bin)\/.*\.(ts|js|mjs|cjs)$/;
const TESTS = /\.test\.ts$|\/testing\//;

/** `files`: path -> text, of all product modules. */
export function securityProblems(
  files: ReadonlyMap<string, string>,
  doors: readonly Door[],
): readonly string[] {
  const problems: string[] = [];
  const open = new Map(doors.map(({ file, may }) => [file, new Set<Capability>(may)]));
  const unused = new Map(doors.map(({ file, may }) => [file, new Set<Capability>(may)]));
  for (const [file, text] of files)
    for (const { capability, line, what } of findUses(file, text)) {
      if (capability === undefined) problems.push(`${file}:${line}: ${what}: not in this product`);
      else if (open.get(file)?.has(capability) !== true)
        problems.push(
          `${file}:${line}: ${what}: "${capability}" only where tools/security/doors.ts says so, with a reason`,
        );
      else unused.get(file)?.delete(capability);
    }
  for (const [file, rest] of unused)
    for (const capability of rest)
      problems.push(`tools/security/doors.ts: ${file} does not use "${capability}" any more; take it out`);
  return problems;
}

function main(): number {
  const files = projectFiles().filter((file) => PRODUCT.test(file) && !TESTS.test(file));
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const problems = securityProblems(texts, DOORS);
  for (const problem of problems) console.log(problem);
  return problems.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = main();
