// Adds repositories to corpus.lock.json, or pins them anew: newest commit of the mirror, licence file and its checksum.
//   node training/pin-repositories.ts --mirrors DIR --role train --language Go [--licence SPDX] OWNER/NAME...
// The licence is guessed from the file's text: read the file before you commit the lock. --licence says what you read
// where the file only names its licence.
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { findMirror, git } from '../eval/corpora/git-tree.ts';
import { licenceOfText } from '../eval/corpora/licence.ts';
import {
  type CorpusEntry,
  EXCLUDED_FILE,
  faultsOf,
  LOCK_FILE,
  type Role,
  readExcluded,
  readLock,
} from './lock.ts';

const LICENCE_NAME = /^(?:mit-)?(?:licen[cs]e|copying)(?:$|[-.])/i;

function pin(mirrors: string, repo: string, role: Role, language: string, said?: string): CorpusEntry {
  const mirror = findMirror(mirrors, repo);
  if (mirror === undefined) throw new Error(`no mirror of ${repo} in ${mirrors}`);
  const commit = git(mirror, ['rev-parse', 'HEAD^{commit}']).trim();
  const names = git(mirror, ['ls-tree', '-z', commit])
    .split('\0')
    .filter((entry) => entry.startsWith('100'))
    .map((entry) => entry.slice(entry.indexOf('\t') + 1))
    .filter((name) => LICENCE_NAME.test(name));
  const found = names.flatMap((name) => {
    const text = git(mirror, ['cat-file', 'blob', `${commit}:${name}`]);
    const licence = said ?? licenceOfText(text);
    return licence === undefined ? [] : [{ name, text, licence }];
  });
  const first = found[0];
  if (first === undefined) throw new Error(`${repo} has no licence file that is known: ${names.join(', ')}`);
  const licence = [...new Set(found.map((file) => file.licence))].sort().join(' OR ');
  const licenceSha256 = createHash('sha256').update(first.text).digest('hex');
  return { repo, commit, role, language, licence, licenceFile: first.name, licenceSha256 };
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mirrors: { type: 'string' },
      role: { type: 'string', default: 'train' },
      language: { type: 'string' },
      licence: { type: 'string' },
    },
  });
  const { mirrors, role, language } = values;
  if (mirrors === undefined || language === undefined)
    throw new Error('--mirrors DIR and --language NAME are needed');
  if (role !== 'train' && role !== 'tune') throw new Error('--role is train or tune');
  const entries = new Map(
    (existsSync(LOCK_FILE) ? readLock() : []).map((entry) => [entry.repo.toLowerCase(), entry]),
  );
  for (const repo of positionals) {
    const old = entries.get(repo.toLowerCase());
    const made = pin(path.resolve(mirrors), repo, role, language, values.licence);
    entries.set(repo.toLowerCase(), old?.skip === undefined ? made : { ...made, skip: old.skip });
  }
  const corpora = [...entries.values()].sort((a, b) =>
    a.repo.toLowerCase() < b.repo.toLowerCase() ? -1 : 1,
  );
  const faults = faultsOf(corpora, readExcluded(EXCLUDED_FILE));
  if (faults.length > 0) throw new Error(faults.join('\n'));
  writeFileSync(LOCK_FILE, `${JSON.stringify({ corpora }, null, 2)}\n`);
  process.stdout.write(`${corpora.length} repositories pinned\n`);
}

main();
