/** The bytes of a commit object -> its parents, time and message. Pure. */

export interface ParsedCommit {
  readonly parents: readonly string[];
  /** Seconds since 1970, of the committer. */
  readonly time: number;
  readonly subject: string;
  readonly body: string;
}

/** Characters of a message that are kept. */
const MAX_MESSAGE = 32 * 1024;
const MAX_SUBJECT = 500;

export function parseCommit(bytes: Buffer): ParsedCommit {
  const end = bytes.indexOf('\n\n');
  const header = bytes.toString('latin1', 0, end === -1 ? bytes.length : end).split('\n');
  const headerOf = (name: string) =>
    header.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  const time = Number(/> (\d{1,12}) [+-]\d{1,6}$/.exec(headerOf('committer') ?? '')?.[1] ?? 0);
  const message =
    end === -1 ? '' : decode(bytes.subarray(end + 2, end + 2 + 4 * MAX_MESSAGE), headerOf('encoding'));
  const [, subject = '', body = ''] =
    /^\s*((?:[^\n]|\n(?!\s*\n))*)([\s\S]*)$/.exec(message.slice(0, MAX_MESSAGE)) ?? [];
  return {
    // Headers of a commit begin with its tree; those of a tag quoted in it (mergetag) begin with a space.
    parents: header.filter((line) => /^parent [0-9a-f]{40,64}$/.test(line)).map((line) => line.slice(7)),
    time,
    subject: subject
      .replace(/\s*\n\s*/g, ' ')
      .trim()
      .slice(0, MAX_SUBJECT),
    body: body.trim(),
  };
}

function decode(bytes: Uint8Array, encoding: string | undefined): string {
  try {
    return new TextDecoder(encoding ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
