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

  /** Room for `count` more bytes: the caller writes them from `length` on, and moves `length`. */
  spaceFor(count: number): Uint8Array {
    this.reserve(count);
    return this.buffer;
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

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Length-prefixed UTF-8. */
  string(text: string): void {
    // Terms are short and nearly all ASCII: the encoder's call would cost more than the copy.
    if (text.length < 128 && this.asciiString(text)) return;
    const encoded = utf8Encoder.encode(text);
    this.varint(encoded.length);
    this.bytes(encoded);
  }

  private asciiString(text: string): boolean {
    this.reserve(text.length + 1);
    const start = this.length + 1;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c > 127) return false;
      this.buffer[start + i] = c;
    }
    this.buffer[this.length] = text.length;
    this.length = start + text.length;
    return true;
  }

  /** What was written, valid until the next write; the writer is empty afterwards. */
  taken(): Uint8Array {
    const taken = this.buffer.subarray(0, this.length);
    this.length = 0;
    return taken;
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
