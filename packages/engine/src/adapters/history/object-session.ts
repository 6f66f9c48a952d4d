/**
 * One `git cat-file --batch` that is asked again and again while a question is answered: objects by hash or by `commit:path`.
 * Raw objects: no filter, no attribute, no textconv. Must not know what they are for.
 */
import { PassThrough } from 'node:stream';
import { createByteQueue } from './byte-queue.ts';
import { type GitOptions, streamGit } from './run-git.ts';

export interface GitObject {
  readonly hash: string;
  readonly type: string;
  /** undefined: larger than `MAX_OBJECT_BYTES`. */
  readonly bytes: Buffer | undefined;
}

export interface ObjectSession {
  /** In the order asked; undefined for what this clone lacks, and from then on where git fails. @throws ConexusError cancelled */
  read(names: readonly string[]): Promise<readonly (GitObject | undefined)[]>;
  /** Ends git. */
  close(): Promise<void>;
}

/** A longer file is no source that somebody wrote line by line; of a longer message nobody reads the end. */
export const MAX_OBJECT_BYTES = 4 * 1024 * 1024;
/** `<hash> blob <size>`, or the name asked and ` missing`: names hold a path. */
const MAX_HEADER = 16 * 1024;

/** `options.maxBytes` and `options.timeoutMs` hold for the whole session. */
export function openObjectSession(options: Omit<GitOptions, 'input'>): ObjectSession {
  const input = new PassThrough();
  const output = streamGit('cat-file', ['--batch'], { ...options, input });
  const queue = createByteQueue();
  let hasEnded = false;
  /** False: git has ended. */
  const more = async (): Promise<boolean> => {
    if (hasEnded) return false;
    const next = await output.next();
    if (next.done) hasEnded = true;
    else queue.push(next.value);
    return !hasEnded;
  };
  const readOne = async (): Promise<GitObject | undefined> => {
    let header = queue.line(MAX_HEADER);
    while (header === undefined) {
      if (!(await more())) return undefined;
      header = queue.line(MAX_HEADER);
    }
    const match = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d{1,15})$/.exec(header);
    if (match === null) return undefined;
    const [, hash, type, length] = match as unknown as [string, string, string, string];
    const size = Number(length);
    if (size > MAX_OBJECT_BYTES) {
      for (let left = size + 1; left > 0; ) {
        left -= queue.skip(left);
        if (left > 0 && !(await more())) return undefined;
      }
      return { hash, type, bytes: undefined };
    }
    let bytes = queue.take(size + 1);
    while (bytes === undefined) {
      if (!(await more())) return undefined;
      bytes = queue.take(size + 1);
    }
    return { hash, type, bytes: bytes.subarray(0, size) };
  };
  let turn: Promise<unknown> = Promise.resolve();
  return {
    read(names) {
      const asked = turn.then(async () => {
        // A name with a line break would be two questions.
        const isAsked = names.map((name) => !/[\n\r\0]/.test(name));
        input.write(
          names
            .filter((_, i) => isAsked[i])
            .map((name) => `${name}\n`)
            .join(''),
        );
        const found: (GitObject | undefined)[] = [];
        for (const is of isAsked) found.push(is ? await readOne() : undefined);
        return found;
      });
      turn = asked.catch(() => {});
      return asked;
    },
    async close() {
      input.end();
      hasEnded = true;
      await output.return(false);
    },
  };
}
