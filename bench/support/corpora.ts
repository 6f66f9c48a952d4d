/** Working trees to measure on: which there are, and copies with changed contents where a larger one is needed. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A checkout by the owner's or the repository's name: `hono` of `honojs+hono@b0af71fbcc6d`. */
export function corpus(corpora: string, name: string): string {
  const found = readdirSync(corpora)
    .sort()
    .find((folder) => folder.split('@')[0]?.split('+').includes(name));
  if (!found) throw new Error(`no corpus ${name} in the folder given by --corpora`);
  return join(corpora, found);
}

export interface TreeFile {
  readonly path: string;
  readonly bytes: number;
}

/** Files below a folder, without `.git` and what is larger than the engine would read. */
export function filesBelow(root: string, folder = ''): TreeFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === '.git' ? [] : filesBelow(root, path);
    if (!entry.isFile()) return [];
    const bytes = statSync(join(root, path)).size;
    return bytes > 2 * 1024 * 1024 ? [] : [{ path, bytes }];
  });
}

/**
 * Copies a tree. `salt` > 0 renames one word in each file so that no copy has the bytes of another: the
 * dictionary grows with the number of copies, as it does with the size of real repositories.
 */
export function copyTree(
  from: string,
  to: string,
  salt: number,
  limit = Number.POSITIVE_INFINITY,
): TreeFile[] {
  const files = filesBelow(from).slice(0, limit);
  for (const { path } of files) {
    const bytes = readFileSync(join(from, path));
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(
      join(to, path),
      salt === 0 || bytes.subarray(0, 8192).includes(0) ? bytes : salted(bytes, salt),
    );
  }
  return files;
}

/** Adds a number to the most frequent long identifier of the file; line numbers stay. */
function salted(bytes: Buffer, salt: number): string {
  const text = bytes.toString('utf8');
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(/\b[A-Za-z][A-Za-z]{7,30}\b/g))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  const [word] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  return word === undefined ? `${text}\n${salt}\n` : text.replaceAll(word, `${word}${copyName(salt)}`);
}

/** Letters, so that the tokenizer keeps it as a part of its own: `Copyab`. */
const copyName = (salt: number): string =>
  `Copy${String.fromCharCode(97 + (salt % 26), 97 + (Math.floor(salt / 26) % 26))}`;
