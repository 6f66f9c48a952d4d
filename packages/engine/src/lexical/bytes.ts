/** Growing byte buffer with varints (LEB128, unsigned, up to 2^53), and its reader. */

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder();

export class ByteWriter {
  private buffer: Uint8Array;
  length = 0;

  constructor(capacity = 1024) {
    this.buffer = new Uint8Array(capacity);
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }

  varint(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest > 127) {
      this.buffer[this.length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.length++] = rest;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Length-prefixed UTF-8. */
  string(text: string): void {
    const encoded = utf8Encoder.encode(text);
    this.varint(encoded.length);
    this.bytes(encoded);
  }

  /** A copy of what was written; the writer is empty afterwards. */
  take(): Uint8Array {
    const taken = this.buffer.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}

/** Of the eighth byte of a varint: 128^7. */
const LAST_SCALE = 128 ** 7;

export class ByteReader {
  private readonly buffer: Uint8Array;
  position: number;
  readonly end: number;

  constructor(buffer: Uint8Array, start = 0, end = buffer.length) {
    this.buffer = buffer;
    this.position = start;
    this.end = end;
  }

  /** @throws RangeError at the end, and beyond the numbers a double holds exactly */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale <= LAST_SCALE; scale *= 128) {
      if (this.position >= this.end) throw new RangeError('varint runs past the end');
      const byte = this.buffer[this.position++] as number;
      if (byte < 128) return value + byte * scale;
      value += (byte - 128) * scale;
    }
    throw new RangeError('varint is too long');
  }

  /** @throws RangeError */
  byte(): number {
    if (this.position >= this.end) throw new RangeError('a byte is missing');
    return this.buffer[this.position++] as number;
  }

  /** @throws RangeError */
  skip(count: number): void {
    this.position += count;
    if (this.position > this.end) throw new RangeError('bytes run past the end');
  }

  /** A view, not a copy. @throws RangeError */
  bytes(count: number): Uint8Array {
    const start = this.position;
    this.position += count;
    if (this.position > this.end) throw new RangeError('bytes run past the end');
    return this.buffer.subarray(start, this.position);
  }

  string(): string {
    return utf8Decoder.decode(this.bytes(this.varint()));
  }
}
