/**
 * Text that changes when HEAD moves, from a few small files, in microseconds: git itself is asked only then. It need not
 * say where HEAD is, and where it cannot be trusted to change there is none. Must not run git, and follows no link.
 */
import { join } from 'node:path';
import { findGitLayout } from '../sources/git-layout.ts';
import { fileStampText } from '../sources/ignore-tree.ts';
import { readRegularFile } from '../sources/regular-file.ts';

const MAX_BYTES = 4096;
/** Plain names alone: what git allows beyond is not worth the doubt. */
const REF = /^ref: (refs\/[\w.\-/+@#=,]+)\n?$/;
const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?\n?$/;

export const NO_REPOSITORY = 'no repository';

/** undefined: ask git. `root` is an absolute real path; outside a repository the text says so. */
export function headSignature(root: string): string | undefined {
  const layout = findGitLayout(root);
  if (layout === undefined) return NO_REPOSITORY;
  const { gitDir, commonDir } = layout;
  const head = textOf(join(gitDir, 'HEAD'));
  if (head === undefined) return undefined;
  if (HASH.test(head)) return `${gitDir} ${head}`;
  const ref = REF.exec(head)?.[1];
  if (ref === undefined || ref.split('/').includes('..')) return undefined;
  // A repository whose refs are in tables has this name in HEAD, and only there.
  if (ref === 'refs/heads/.invalid') return undefined;
  // Others belong to one worktree, as those of a bisection do.
  if (!ref.startsWith('refs/heads/')) return undefined;
  const file = join(commonDir, ref);
  const loose = textOf(file);
  if (loose === undefined) {
    const isAbsent = fileStampText(file) === '-';
    return isAbsent ? `${gitDir} ${ref} ${fileStampText(join(commonDir, 'packed-refs'))}` : undefined;
  }
  // One that names another ref moves with that one.
  return HASH.test(loose) ? `${gitDir} ${ref} ${loose}` : undefined;
}

function textOf(file: string): string | undefined {
  const read = readRegularFile(file, MAX_BYTES);
  return read === undefined ? undefined : Buffer.from(read.bytes).toString('utf8');
}
