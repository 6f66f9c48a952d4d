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

const KEPT_TEXTS = 12;

export function createVersions(session: ObjectSession, prefix: string): Versions {
  const texts = new Map<string, LineText>();
  let compared = 0;
  return {
    prefix,
    async read(names) {
      const objects = await session.read(names.map(({ commit, path }) => `${commit}:${prefix}${path}`));
      return objects.map((object) => {
        if (object?.type !== 'blob') return undefined;
        const { hash, bytes } = object;
        const text = texts.get(hash) ?? (bytes && lineText(bytes));
        texts.delete(hash);
        if (text) texts.set(hash, text);
        for (const oldest of texts.keys()) if (texts.size > KEPT_TEXTS) texts.delete(oldest);
        return { hash, text };
      });
    },
    count: () => {
      compared++;
    },
    compared: () => compared,
  };
}
