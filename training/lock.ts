// The corpus: which repositories, at which commit, under which licence, and what each is for.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { corpusName } from '../eval/corpora/names.ts';

/** `train`: pairs are made of it. `tune`: never trained on; weights of ranking and fusion are chosen on it. */
export type Role = 'train' | 'tune';

export interface CorpusEntry {
  readonly repo: string;
  readonly commit: string;
  readonly role: Role;
  /** The language most of it is written in, by the name in the registry. */
  readonly language: string;
  /** SPDX expression. Of a choice (OR) we use the permissive one. */
  readonly licence: string;
  readonly licenceFile: string;
  readonly licenceSha256: string;
  /** Folders and files that are left out, with a slash at a folder's end: code of others, or data. */
  readonly skip?: readonly string[];
}

export const LOCK_FILE = path.join(import.meta.dirname, 'corpus.lock.json');
/** One `owner/name` a line: what nothing that ships may be trained or tuned on. */
export const EXCLUDED_FILE = path.join(import.meta.dirname, '../../shared/eval/excluded-from-training.txt');

/** What may be trained on. A choice of licences needs one of them. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'PostgreSQL',
  'Zlib',
  'BSL-1.0',
]);

export function isPermissive(licence: string): boolean {
  return licence.split(' OR ').some((choice) => PERMISSIVE.has(choice));
}

export function readLock(file: string = LOCK_FILE): CorpusEntry[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { corpora: CorpusEntry[] }).corpora;
}

export function readExcluded(file: string): ReadonlySet<string> {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return new Set(
    lines.map((line) => line.trim().toLowerCase()).filter((line) => line !== '' && !line.startsWith('#')),
  );
}

/** What is wrong with the lock, one sentence each; empty when nothing is. */
export function faultsOf(entries: readonly CorpusEntry[], excluded: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const { repo, commit, licence, licenceSha256 } of entries) {
    const key = repo.toLowerCase();
    if (seen.has(key)) faults.push(`${repo} is listed twice`);
    if (excluded.has(key)) faults.push(`${repo} is excluded from training`);
    if (!isPermissive(licence)) faults.push(`${repo} is under ${licence}, which is not permissive`);
    if (!/^[0-9a-f]{40}$/.test(commit)) faults.push(`${repo} is not pinned by a full commit hash`);
    if (!/^[0-9a-f]{64}$/.test(licenceSha256)) faults.push(`${repo} has no checksum of its licence`);
    seen.add(key);
  }
  return faults;
}

/** Folder of the checked-out corpus below the corpora. */
export function corpusFolder(entry: CorpusEntry): string {
  return corpusName(entry.repo, entry.commit);
}
