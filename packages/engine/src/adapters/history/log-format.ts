/**
 * The form in which `git log` is asked to speak, and its reader. Pure.
 *
 * Fields end with NUL, which neither a message nor a path can hold. A changed path comes after a field that begins with a
 * colon, so no file name, however it is chosen, can pass for a commit.
 */
import type { Commit } from '../../ports/history.ts';

/** Hash, time, subject, body. A commit begins where no path is due and the field starts with this mark. */
const MARK = '\x01';
const FORMAT = 'tformat:%x01%H%x00%ct%x00%s%x00%b%x00';

/** Whatever the repository's settings are, the log has only what it is asked for, and runs no program of theirs. */
export const PLAIN_LOG: readonly string[] = [
  '--no-renames',
  '--no-merges',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-decorate',
  '--no-notes',
  '--no-show-signature',
  '--no-mailmap',
  '--encoding=UTF-8',
];

/** Flags that give this form, without looking into any file. */
export const LOG_FLAGS: readonly string[] = [
  `--format=${FORMAT}`,
  '--raw',
  '-z',
  '--no-abbrev',
  ...PLAIN_LOG,
];

/** Bytes of one field that are kept; the rest of a longer message is dropped. */
const MAX_FIELD = 32 * 1024;
const SUBMODULE = '160000';

export interface LogReader {
  /** Commits completed by this piece of output. */
  push(chunk: Buffer): readonly Commit[];
  /** The last commit, once the output is known to be whole. */
  end(): Commit | undefined;
}

interface Draft {
  readonly fields: string[];
  readonly paths: string[];
}

export function createLogReader(): LogReader {
  const splitter = createFieldSplitter();
  let draft: Draft | undefined;
  /** What the next field is when it is a path: whether to keep it. */
  let pathDue: 'keep' | 'drop' | undefined;

  const finish = (): Commit | undefined => {
    const commit = draft === undefined ? undefined : toCommit(draft);
    draft = undefined;
    return commit;
  };
  const take = (field: string): Commit | undefined => {
    if (pathDue !== undefined) {
      if (pathDue === 'keep' && isOrdinaryPath(field)) draft?.paths.push(field);
      pathDue = undefined;
    } else if (draft !== undefined && draft.fields.length < 4) draft.fields.push(field);
    else if (field.startsWith(MARK)) {
      const done = finish();
      draft = { fields: [field.slice(1)], paths: [] };
      return done;
    } else {
      const change = /^\n?:(\d+) (\d+) /.exec(field);
      if (change !== null) pathDue = change[1] === SUBMODULE || change[2] === SUBMODULE ? 'drop' : 'keep';
    }
    return undefined;
  };

  return {
    push(chunk) {
      const commits: Commit[] = [];
      for (const field of splitter(chunk)) {
        const commit = take(field);
        if (commit !== undefined) commits.push(commit);
      }
      return commits;
    },
    end: finish,
  };
}

function createFieldSplitter(): (chunk: Buffer) => string[] {
  let parts: Buffer[] = [];
  let kept = 0;
  const keep = (piece: Buffer): void => {
    if (kept >= MAX_FIELD) return;
    parts.push(piece.subarray(0, MAX_FIELD - kept));
    kept += piece.length;
  };
  return (chunk) => {
    const fields: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, start)) {
      keep(chunk.subarray(start, end));
      fields.push(Buffer.concat(parts).toString('utf8'));
      parts = [];
      kept = 0;
      start = end + 1;
    }
    keep(Buffer.from(chunk.subarray(start)));
    return fields;
  };
}

function toCommit({ fields, paths }: Draft): Commit | undefined {
  const [hash = '', time = '', subject = '', body = ''] = fields;
  if (fields.length < 4 || !/^[0-9a-f]{40,64}$/.test(hash)) return undefined;
  return { hash, time: Number(time), subject, body: body.trimEnd(), paths };
}

/** A tree can be made to hold names that no working tree has; such a path must not reach anybody who opens files. */
export function isOrdinaryPath(path: string): boolean {
  if (path === '' || path.includes('\\') || path.includes('\uFFFD')) return false;
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');
}
