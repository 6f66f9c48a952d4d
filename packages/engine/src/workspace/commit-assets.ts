/**
 * Commit indexes of a store: one that is whole, the base, and for each of a few heads how its commits differ from the base's.
 * A new head then costs its new commits, and worktrees share what they have in common. Knows no HEAD: it is told.
 */
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { ByteReader, ByteWriter } from '../lexical/bytes.ts';
import {
  type CommitIndex,
  decodeCommits,
  encodeCommits,
  headOfCommits,
  MAX_COMMITS,
  mergeCommits,
} from '../lexical/commit-index.ts';
import type { Commit, History } from '../ports/history.ts';
import type { Store } from '../ports/store.ts';

export interface CommitAssets {
  /** undefined: not there, or damaged. */
  read(head: string): Promise<CommitIndex | undefined>;
  /** Reads what is new from git, and stores it; undefined when it was stopped. */
  make(head: string, signal: AbortSignal): Promise<CommitIndex | undefined>;
}

/** Heads whose commits are kept: those of a few worktrees, or of branches that are switched to and fro. */
const KEPT_HEADS = 4;
/** Commits that a head may have and lack beside the base: with more, it is read as a whole. */
const MAX_DIFFERENCE = 1_000;

/** What stands before the bytes of an asset. */
interface Link {
  /** Head of the base that these commits come on top of; null: they are all. */
  readonly base: string | null;
  /** Commits of the base that this head does not reach. */
  readonly lost: readonly string[];
}

/** Commits are stored relative to the root: `prefix` tells a root below the top of the repository from the top. */
export function openCommitAssets(history: History, store: Store, prefix: string): CommitAssets {
  const baseName = `commits-base:${prefix}`;
  const nameOf = (head: string) => `commits:${prefix}:${head}`;

  const readBase = async () => {
    const stored = await store.readAsset(baseName);
    try {
      const bytes = stored && (await unpack(stored));
      return bytes && { head: headOfCommits(bytes), bytes };
    } catch {
      return undefined;
    }
  };
  type Base = Awaited<ReturnType<typeof readBase>>;

  const write = async (head: string, link: Link, bytes: Uint8Array) => {
    const writer = new ByteWriter(bytes.length + 1024);
    writer.string(JSON.stringify(link));
    writer.bytes(bytes);
    await store.writeAsset(nameOf(head), await pack(writer.take()));
    await forgetOldest(store, prefix, head);
  };

  const makeFromBase = async (head: string, base: NonNullable<Base>, signal: AbortSignal) => {
    const lost = base.head === head ? [] : await history.unreached(base.head, MAX_DIFFERENCE + 1);
    if (!lost || lost.length > MAX_DIFFERENCE) return undefined;
    const added: Commit[] = [];
    if (base.head !== head) {
      const options = { limit: MAX_DIFFERENCE + 1, until: base.head, signal };
      for await (const commit of history.commits(options)) added.push(commit);
    }
    if (added.length > MAX_DIFFERENCE || signal.aborted) return undefined;
    const bytes = await encodeCommits(head, each(added));
    const index = mergeCommits(bytes, base.bytes, new Set(lost));
    await write(head, { base: base.head, lost }, bytes);
    return index;
  };

  /** A head far ahead of the base takes its place; one far beside it leaves it to the others. */
  const makeWhole = async (head: string, base: Base, signal: AbortSignal) => {
    const lost = base && (await history.unreached(base.head, 1));
    const bytes = await encodeCommits(head, history.commits({ limit: MAX_COMMITS, signal }));
    if (signal.aborted) return undefined;
    if (lost !== undefined && lost.length > 0) {
      await write(head, { base: null, lost: [] }, bytes);
    } else {
      await store.writeAsset(baseName, await pack(bytes));
      await write(head, { base: head, lost: [] }, await encodeCommits(head, each([])));
    }
    return decodeCommits(bytes);
  };

  return {
    async read(head) {
      const stored = await store.readAsset(nameOf(head));
      if (!stored || stored.length === 0) return undefined;
      try {
        const reader = new ByteReader(await unpack(stored));
        const { base: wanted, lost } = JSON.parse(reader.string()) as Link;
        const own = reader.bytes(reader.end - reader.position);
        const base = wanted === null ? undefined : await readBase();
        if (wanted !== null && base?.head !== wanted) return undefined;
        const index = base ? mergeCommits(own, base.bytes, new Set(lost)) : decodeCommits(own);
        return index.head === head ? index : undefined;
      } catch {
        return undefined;
      }
    },
    async make(head, signal) {
      const base = await readBase();
      const index = base && (await makeFromBase(head, base, signal));
      if (index || signal.aborted) return index;
      return makeWhole(head, base, signal);
    },
  };
}

async function* each(commits: readonly Commit[]): AsyncGenerator<Commit> {
  yield* commits;
}

/** Every commit makes a new head, and a store lives for years. */
async function forgetOldest(store: Store, prefix: string, head: string): Promise<void> {
  const name = `commits:${prefix}`;
  const known = new TextDecoder().decode((await store.readAsset(name)) ?? new Uint8Array());
  const heads = [head, ...known.split(' ').filter((other) => other !== '' && other !== head)];
  for (const old of heads.slice(KEPT_HEADS)) await store.removeAsset(`${name}:${old}`);
  await store.writeAsset(name, new TextEncoder().encode(heads.slice(0, KEPT_HEADS).join(' ')));
}

/** Messages and paths pack to well under half; unpacking takes milliseconds, once. */
const pack = promisify(deflateRaw);
const unpack = promisify(inflateRaw);
