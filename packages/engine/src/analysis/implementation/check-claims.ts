/**
 * The gate before a report leaves: every claim has evidence, and every cited range is read again and compared. A file whose bytes are not
 * those of the analysis proves nothing: its claims are dropped, also where the same lines still stand, because what they mean may
 * have changed around them. Whoever called makes the report again from the files as they are.
 */
import type { Claim, Evidence } from '../../model/analysis.ts';
import type { ContentHash, FilePath } from '../../model/file.ts';
import type { Cited, Statement } from './context.ts';

/** The file as it is on disk now. */
export interface CurrentFile {
  readonly hash: ContentHash;
  readonly lines: readonly string[];
}

export type ReadCurrent = (path: FilePath) => CurrentFile | undefined;

export interface CheckedClaims {
  readonly kept: readonly Claim[];
  readonly checked: number;
  readonly withoutEvidence: number;
  /** Claims whose lines are not as they were. */
  readonly changed: number;
  /** Claims whose lines do not show what they name: a defect of a pass. */
  readonly notShown: number;
  /** Files that have changed since they were analyzed. */
  readonly stale: readonly FilePath[];
}

/** Files are read once for all claims of a call; make `read` anew for each. */
export function checkClaims(claims: readonly Statement[], read: ReadCurrent): CheckedClaims {
  const kept: Claim[] = [];
  const stale = new Set<FilePath>();
  const counts = { withoutEvidence: 0, changed: 0, notShown: 0 };
  for (const claim of claims) {
    if (claim.evidence.length === 0) counts.withoutEvidence++;
    else if (claim.evidence.some((cited) => !isCurrent(cited, read, stale))) counts.changed++;
    else if (claim.evidence.some((cited) => !isShown(cited, read))) counts.notShown++;
    else kept.push({ text: claim.text, evidence: claim.evidence.map(bareEvidence) });
  }
  return { kept, checked: claims.length, ...counts, stale: [...stale] };
}

function isCurrent({ path, hash, start, end }: Cited, read: ReadCurrent, stale: Set<FilePath>): boolean {
  const file = read(path);
  if (file === undefined || file.hash !== hash) {
    stale.add(path);
    return false;
  }
  return start >= 1 && start <= end && end <= Math.max(1, file.lines.length);
}

function isShown({ path, start, end, anchor }: Cited, read: ReadCurrent): boolean {
  if (anchor === undefined) return true;
  return (
    read(path)
      ?.lines.slice(start - 1, end)
      .join('\n')
      .includes(anchor) ?? false
  );
}

function bareEvidence({ path, start, end, hash, resolution }: Evidence): Evidence {
  return { path, start, end, hash, resolution };
}
