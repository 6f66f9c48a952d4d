// The files that the baselines read: source code without tests, as in the reference figures. All gold files are such, so
// this makes the baselines strong: a system that indexes everything has to rank tests, documents and changelogs down itself.
import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const MOST_BYTES = 1 << 20;

const SOURCE =
  /\.(c|cc|cpp|cjs|cs|cts|go|h|hh|hpp|inc|java|js|jsx|kt|lua|mjs|mts|php|py|pyi|rb|rs|scala|sh|swift|tcl|ts|tsx)$/;
const TEST_FOLDER = /(^|\/)(tests?|__tests__|specs?|testing|testdata|testsuite|fixtures)\//;
const TEST_FILE = /(^|\/)test_[^/]*$|([._-](test|spec)|Tests?)\.\w+$/;

export interface CorpusFile {
  readonly path: string;
  readonly text: string;
}

/** Tracked files where the folder lies in a git tree, else all files; relative to `root`, in order. */
function listFiles(root: string): string[] {
  try {
    const listed = execFileSync('git', ['-C', root, 'ls-files', '-z'], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const files = listed.split('\0').filter((file) => file !== '');
    if (files.length > 0) return files.sort();
  } catch {
    // Not a git tree: the pool of functions.
  }
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(root, path.join(entry.parentPath, entry.name))).sort();
}

function isWanted(file: string): boolean {
  return SOURCE.test(file) && !TEST_FOLDER.test(file) && !TEST_FILE.test(file);
}

/** Yields one file at a time. Binary and very large files are left out. */
export function* corpusFiles(root: string): Generator<CorpusFile> {
  for (const file of listFiles(root).filter(isWanted)) {
    const absolute = path.join(root, file);
    const stat = lstatSync(absolute, { throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile() || stat.size > MOST_BYTES) continue;
    const bytes = readFileSync(absolute);
    if (!bytes.subarray(0, 8000).includes(0)) yield { path: file, text: bytes.toString('utf8') };
  }
}
