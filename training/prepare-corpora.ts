// Checks out the corpus at its pins, from mirrors on this machine, after comparing each licence with the lock.
//   node training/prepare-corpora.ts --mirrors DIR --out DIR [--lock FILE] [--excluded FILE] [--role train|tune] [--only OWNER/NAME]...
// Objects are borrowed from the mirrors, which must be kept.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { checkOut, findMirror, git, hasCommit, headOf } from '../eval/corpora/git-tree.ts';
import {
  type CorpusEntry,
  corpusFolder,
  EXCLUDED_FILE,
  faultsOf,
  LOCK_FILE,
  readExcluded,
  readLock,
} from './lock.ts';

/** @throws Error when the mirror lacks the commit, or the licence at the commit is another one than was read */
export function prepareCorpus(mirrors: string, out: string, entry: CorpusEntry): 'made' | 'kept' {
  const mirror = findMirror(mirrors, entry.repo);
  if (mirror === undefined) throw new Error(`no mirror in ${mirrors}`);
  if (!hasCommit(mirror, entry.commit)) throw new Error(`commit ${entry.commit} is not in the mirror`);
  const licence = git(mirror, ['cat-file', 'blob', `${entry.commit}:${entry.licenceFile}`]);
  if (createHash('sha256').update(licence).digest('hex') !== entry.licenceSha256)
    throw new Error(`${entry.licenceFile} is not the licence that the lock says`);
  const dir = path.join(out, corpusFolder(entry));
  // `checkOut` gives the folder its name last: one that is there is whole.
  if (headOf(dir) === entry.commit) return 'kept';
  checkOut(mirror, entry.commit, dir, () => {});
  return 'made';
}

function main(): void {
  const { values } = parseArgs({
    options: {
      mirrors: { type: 'string' },
      out: { type: 'string' },
      lock: { type: 'string', default: LOCK_FILE },
      excluded: { type: 'string', default: EXCLUDED_FILE },
      role: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  const { mirrors, out, only, role } = values;
  if (mirrors === undefined || out === undefined) throw new Error('--mirrors DIR and --out DIR are needed');
  const entries = readLock(values.lock);
  const faults = faultsOf(entries, readExcluded(values.excluded));
  if (faults.length > 0) throw new Error(faults.join('\n'));
  mkdirSync(out, { recursive: true });
  const counts = { made: 0, kept: 0, failed: 0 };
  for (const entry of entries) {
    if (only.length > 0 && !only.includes(entry.repo)) continue;
    if (role !== undefined && entry.role !== role) continue;
    try {
      counts[prepareCorpus(path.resolve(mirrors), path.resolve(out), entry)]++;
    } catch (error) {
      counts.failed++;
      process.stderr.write(
        `FAILED ${entry.repo}: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    }
  }
  process.stdout.write(`${counts.made} checked out, ${counts.kept} there already, ${counts.failed} failed\n`);
  if (counts.failed > 0) process.exitCode = 1;
}

if (import.meta.main) main();
