/** Claims about lines -> the same with the line as it is on disk, where the file still has the bytes that were claimed of. Reads through what it is given. */
import type { ContentHash, FilePath } from '../model/file.ts';

export interface LineClaim {
  readonly path: FilePath;
  readonly line: number;
  readonly hash: ContentHash;
}

export type ReadFile = (
  path: FilePath,
) => { readonly hash: ContentHash; readonly lines: readonly string[] } | undefined;

export interface ProvenLines<Claim> {
  readonly proven: readonly (Claim & { readonly text: string })[];
  /** Files that have other bytes by now, or are gone. Their claims are left out. */
  readonly stale: readonly FilePath[];
}

/** Each file is read once. */
export function proveLines<Claim extends LineClaim>(
  claims: readonly Claim[],
  read: ReadFile,
): ProvenLines<Claim> {
  const files = new Map<FilePath, ReturnType<ReadFile>>();
  const stale = new Set<FilePath>();
  const proven: (Claim & { readonly text: string })[] = [];
  for (const claim of claims) {
    if (!files.has(claim.path)) files.set(claim.path, read(claim.path));
    const file = files.get(claim.path);
    const text = file?.hash === claim.hash ? file.lines[claim.line - 1] : undefined;
    if (text === undefined) stale.add(claim.path);
    else proven.push({ ...claim, text });
  }
  return { proven, stale: [...stale] };
}
