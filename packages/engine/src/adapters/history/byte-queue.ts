/** Output of git as it comes, cut into lines and pieces of known length. Pure. */

/** Bytes that have come and are not used yet. Pieces are joined only when a whole blob is there. */
export function createByteQueue() {
  let parts: Buffer[] = [];
  let length = 0;
  const join = (): Buffer => {
    const all = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    parts = [all];
    return all;
  };
  const take = (count: number): Buffer | undefined => {
    if (length < count) return undefined;
    const all = join();
    length -= count;
    parts = length === 0 ? [] : [all.subarray(count)];
    return all.subarray(0, count);
  };
  return {
    push(chunk: Buffer): void {
      parts.push(chunk);
      length += chunk.length;
    },
    take,
    /** Drops as many of these bytes as have come, and says how many. */
    skip(count: number): number {
      const dropped = Math.min(count, length);
      take(dropped);
      return dropped;
    },
    /** The next line without its end; undefined until it has come. */
    line(maxBytes: number): string | undefined {
      if (length === 0) return undefined;
      const end = join().subarray(0, maxBytes).indexOf(10);
      return end === -1 ? undefined : take(end + 1)?.toString('latin1', 0, end);
    },
  };
}
