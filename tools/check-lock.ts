/**
 * Checks what would break a fresh clone elsewhere: a lock file that `npm ci` refuses or that names a registry host,
 * and paths of the machine a file was written on.
 * Usage: node tools/check-lock.ts. Reads tracked files only and changes nothing.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFiles, root } from './checks/files.ts';
import { type LockFile, missingOptional } from './complete-lock.ts';

/** Folders of machines that this project is worked on. Written in pieces: this file is checked too. */
const machineFolders = ['work', 'root', 'home/[a-z][a-z0-9_-]*', 'Users/[A-Za-z][A-Za-z0-9._-]*', 'tmp'];
const machinePath = new RegExp(`(?<![\\w./:<>*\\]})-])/(${machineFolders.join('|')})/[\\w.-]+`);

/** Lines where such a path is the subject, not a place: `file:text` as it appears. */
const allowed: readonly { readonly file: RegExp; readonly text: RegExp; readonly why: string }[] = [
  { file: /\.test\.ts$/, text: /\/(tmp|home|Users|root)\//, why: 'tests attack with paths outside the root' },
];

/** Names of paths of a machine in one text, as `line: path`. */
export function machinePaths(file: string, text: string): readonly string[] {
  const found: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const match = machinePath.exec(line);
    if (match === null) continue;
    if (allowed.some((exception) => exception.file.test(file) && exception.text.test(match[0]))) continue;
    found.push(`${file}:${index + 1}: path of a machine: ${match[0]}`);
  }
  return found;
}

/** What is wrong with the lock file, as sentences. */
export function lockProblems(text: string): readonly string[] {
  const lock = JSON.parse(text) as LockFile;
  const hosts = Object.entries(lock.packages)
    .filter(([, entry]) => /^[a-z+]+:/.test(entry.resolved ?? ''))
    .map(
      ([name, entry]) =>
        `package-lock.json: ${name} names a host (${entry.resolved}); npm config omit-lockfile-registry-resolved`,
    );
  const missing = missingOptional(lock.packages).map(
    (one) => `package-lock.json: ${one.key} is missing, npm ci will refuse the file; npm run lock:complete`,
  );
  return [...hosts, ...missing];
}

function main(): number {
  const problems = [...lockProblems(readFileSync(join(root, 'package-lock.json'), 'utf8'))];
  for (const file of projectFiles()) {
    if (file === 'package-lock.json' || /\.(wasm|br|gz|bin|png|jpg|sqlite)$/.test(file)) continue;
    problems.push(...machinePaths(file, readFileSync(join(root, file), 'utf8')));
  }
  for (const problem of problems) console.log(problem);
  return problems.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = main();
