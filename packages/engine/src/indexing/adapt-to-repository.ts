/** A repository's index and past commits -> a model that knows its words. Deterministic: the same files give the same bytes. */
import { type ModelFile, openModel } from '../embedding/model-file.ts';
import { decodePairSet, encodePairSet } from '../embedding/pair-set-format.ts';
import { adaptModel } from '../embedding/train/adapt.ts';
import { type CodeSource, type CommitSource, ownPairs } from './own-pairs.ts';

export interface Adaptation {
  readonly code: readonly CodeSource[];
  readonly commits: CommitSource | undefined;
}

export interface LearningParts {
  /** `encodeOwnPairs`, in a thread. */
  pairs(adaptation: Adaptation, signal: AbortSignal): Promise<Uint8Array>;
  /** `learn`, in a thread. */
  learn(pairs: Uint8Array, base: ModelFile, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** `runLearning` on these parts in another process. Empty: there is too little to learn from. */
  elsewhere(task: readonly Uint8Array[], signal: AbortSignal): Promise<Uint8Array>;
}

const SEED = 1;
/** Of 512 pairs each: some seconds of one core, whatever the repository's size. */
const MAX_STEPS = 200;

/**
 * undefined: there is too little to learn from. Where no process can be started, or it was ended, a thread learns: slower
 * where WebAssembly is not optimised, with the same result. Rejects when it is aborted.
 */
export async function adaptToRepository(
  adaptation: Adaptation,
  base: ModelFile,
  parts: LearningParts,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const pairs = await parts.pairs(adaptation, signal);
  try {
    const bytes = await parts.elsewhere([lengthOf(pairs), pairs, base.bytes], signal);
    // What a process wrote may be cut short: opening a model compares its checksum.
    return bytes.length === 0 ? undefined : openModel(bytes).bytes;
  } catch {
    signal.throwIfAborted();
    return parts.learn(pairs, base, signal);
  }
}

export const encodeOwnPairs = ({ code, commits }: Adaptation): Uint8Array =>
  encodePairSet(ownPairs(code, commits));

/** Bytes of a model that knows these pairs; undefined when there are too few. */
export const learn = (pairs: Uint8Array, base: ModelFile): Promise<Uint8Array | undefined> =>
  adaptModel(base.model(), decodePairSet(pairs), { seed: SEED, maxSteps: MAX_STEPS });

/** A task: length of the pairs (8 bytes) | pairs | model. @throws RangeError, ModelFormatError for bytes that are none */
export async function runLearning(task: Uint8Array): Promise<Uint8Array | undefined> {
  const end = HEAD + Number(new DataView(task.buffer, task.byteOffset, task.length).getBigUint64(0));
  return learn(task.subarray(HEAD, end), openModel(task.slice(end)));
}

const HEAD = 8;

function lengthOf(pairs: Uint8Array): Uint8Array {
  const head = new Uint8Array(HEAD);
  new DataView(head.buffer).setBigUint64(0, BigInt(pairs.length));
  return head;
}
