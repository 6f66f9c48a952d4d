/** The part of WebAssembly that the engine uses: TypeScript has it only among the types of browsers. */
// biome-ignore lint/style/noNamespace: the global is one.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory } });
    readonly exports: Readonly<Record<string, unknown>>;
  }
  /** `initial` and `maximum` in pages of 64 KiB. */
  class Memory<B extends ArrayBuffer | SharedArrayBuffer = ArrayBuffer | SharedArrayBuffer> {
    constructor(size: { readonly initial: number; readonly maximum: number; readonly shared?: boolean });
    readonly buffer: B;
    /** Pages before; RangeError when there is no room. */
    grow(pages: number): number;
  }
}
