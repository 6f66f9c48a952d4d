/**
 * Pieces of one growing WebAssembly memory: first fit, freed neighbours join. Such a memory never shrinks; who wants room
 * back moves its pieces to a new arena. Knows nothing of what the pieces hold.
 */
import { ConexusError } from '../model/errors.ts';

const PAGE = 65_536;
/** 32-bit addresses: 4 GiB. */
const MAX_PAGES = 65_536;
/** The memory grows by at least this share of itself: growing is a system call. */
const GROWTH = 1 / 8;
const ALIGN = 16;

export interface Arena {
  readonly memory: WebAssembly.Memory;
  /** Bytes of the memory, and of the pieces in use. */
  readonly size: number;
  readonly used: number;
  /** Address of a piece of at least so many bytes, a multiple of 16; what was there before is still there. */
  take(bytes: number): number;
  give(address: number): void;
}

/** The first `reserved` bytes are never handed out. */
export function createArena(reserved: number): Arena {
  const memory = newMemory();
  const taken = new Map<number, number>();
  /** Free pieces by address, none beside another. */
  const free: { at: number; bytes: number }[] = [];
  let size = PAGE;
  let used = 0;
  if (reserved < size) free.push({ at: aligned(reserved), bytes: size - aligned(reserved) });

  const grow = (bytes: number) => {
    const last = free.at(-1);
    const tail = last && last.at + last.bytes === size ? last.bytes : 0;
    const needed = Math.ceil((bytes - tail) / PAGE);
    const before = size / PAGE;
    if (before + needed > MAX_PAGES) throw tooLarge();
    const wanted = Math.min(MAX_PAGES - before, Math.max(needed, Math.ceil(before * GROWTH)));
    if (!tryGrow(memory, wanted) && !tryGrow(memory, needed)) throw tooLarge();
    const grown = memory.buffer.byteLength - size;
    insert(free, { at: size, bytes: grown });
    size += grown;
  };

  return {
    memory,
    get size() {
      return size;
    },
    get used() {
      return used;
    },
    take(wanted) {
      const bytes = aligned(Math.max(1, wanted));
      let index = free.findIndex((piece) => piece.bytes >= bytes);
      if (index < 0) {
        grow(bytes);
        index = free.length - 1;
      }
      const piece = free[index] as { at: number; bytes: number };
      const address = piece.at;
      piece.at += bytes;
      piece.bytes -= bytes;
      if (piece.bytes === 0) free.splice(index, 1);
      taken.set(address, bytes);
      used += bytes;
      return address;
    },
    give(address) {
      const bytes = taken.get(address);
      if (bytes === undefined) throw new RangeError(`no piece at ${address}`);
      taken.delete(address);
      used -= bytes;
      insert(free, { at: address, bytes });
    },
  };
}

function newMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
  } catch (error) {
    throw tooLarge(error);
  }
}

function tryGrow(memory: WebAssembly.Memory, pages: number): boolean {
  try {
    memory.grow(pages);
    return true;
  } catch {
    return false;
  }
}

function tooLarge(cause?: unknown): ConexusError {
  return new ConexusError(
    'invalid_argument',
    'the vectors of the index do not fit into memory (at most 4 GiB, and what the system gives)',
    'Index fewer files, or use a model with fewer dimensions.',
    { cause },
  );
}

function insert(free: { at: number; bytes: number }[], piece: { at: number; bytes: number }): void {
  let index = free.findIndex(({ at }) => at > piece.at);
  if (index < 0) index = free.length;
  const before = free[index - 1];
  const after = free[index];
  if (after && piece.at + piece.bytes === after.at) {
    piece.bytes += after.bytes;
    free.splice(index, 1);
  }
  if (before && before.at + before.bytes === piece.at) before.bytes += piece.bytes;
  else free.splice(index, 0, piece);
}

const aligned = (bytes: number) => Math.ceil(bytes / ALIGN) * ALIGN;
