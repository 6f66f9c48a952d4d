/** Versions of files by commit and path, with their lines; the last few are kept, because each is compared with its parents. */
import type { FilePath } from '../../model/file.ts';
import { type LineText, lineText } from './line-diff.ts';
import type { ObjectSession } from './object-session.ts';

export interface Version {
  readonly hash: string;
  /** undefined: too large to compare. */
  readonly text: LineText | undefined;
}

export interface Versions {
  /** Folder of the root in the repository, with a slash at its end, or nothing. */
  readonly prefix: string;
  /** In the order asked; undefined where the commit has no such file. Paths are relative to the root. */
  read(
    names: readonly { readonly commit: string; readonly path: FilePath }[],
  ): Promise<readonly (Version | undefined)[]>;
  /** Counts one more version as compared. */
  count(): void;
  compared(): number;
}

/** Of versions that are kept, with the table of their lines; the ones being compared come on top. */
const KEPT_BYTES = 32 * 1024 * 1024;

export function createVersions(session: ObjectSession, prefix: string): Versions {
  const texts = new Map<string, LineText>();
  let keptBytes = 0;
  let compared = 0;
  const keep = (hash: string, text: LineText) => {
    keptBytes += texts.has(hash) ? 0 : sizeOf(text);
    texts.delete(hash);
    texts.set(hash, text);
    for (const [oldest, other] of texts) {
      if (keptBytes <= KEPT_BYTES) break;
      texts.delete(oldest);
      keptBytes -= sizeOf(other);
    }
  };
  return {
    prefix,
    async read(names) {
      const objects = await session.read(names.map(({ commit, path }) => `${commit}:${prefix}${path}`));
      return objects.map((object) => {
        if (object?.type !== 'blob') return undefined;
        const { hash, bytes } = object;
        const text = texts.get(hash) ?? (bytes && lineText(bytes));
        if (text) keep(hash, text);
        return { hash, text };
      });
    },
    count: () => {
      compared++;
    },
    compared: () => compared,
  };
}

const sizeOf = ({ bytes, starts }: LineText) => bytes.length + starts.byteLength;
