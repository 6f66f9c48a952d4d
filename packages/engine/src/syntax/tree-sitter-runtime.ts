/**
 * The only module that touches the tree-sitter runtime. Starts it with a stack that hostile text cannot overflow
 * unnoticed, and starts another one after a crash.
 *
 * Why: web-tree-sitter is built with a stack of 64 KB in linear memory, without checks. Its parser releases its stack
 * recursively, so a few kilobytes of ambiguous text (`%q(` a thousand times, as C) run over the stack's end into the
 * heap: an abort if we are lucky. With 8 MB the engine's own stack ends first, and that is an exception.
 */

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Language, Parser } from 'web-tree-sitter';

export interface TreeSitterRuntime {
  loadGrammar(wasm: Uint8Array): Promise<Language>;
  newParser(language: Language): Parser;
}

/** What `Parser.init` leaves on the options object: the Emscripten module itself. */
interface EmscriptenInternals {
  _malloc(bytes: number): number;
  loadWebAssemblyModule(
    binary: Uint8Array,
    options: { readonly loadAsync: true },
  ): Promise<Record<string, unknown>>;
}

const stackBytes = 8 * 1024 * 1024;

let started = 0;

/** Starts a runtime that shares nothing with earlier ones. */
export async function startRuntime(): Promise<TreeSitterRuntime> {
  started += 1;
  const library = await importLibrary(started);
  const internals: Partial<EmscriptenInternals> = {};
  await library.Parser.init(internals as Parameters<typeof library.Parser.init>[0]);
  await enlargeStack(internals);
  return {
    loadGrammar: (wasm) => library.Language.load(wasm),
    newParser: (language) => new library.Parser().setLanguage(language),
  };
}

/** A module's state lives as long as the process: only another address gives another instance. */
async function importLibrary(instance: number): Promise<typeof import('web-tree-sitter')> {
  if (instance === 1) return import('web-tree-sitter');
  const wasm = createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm');
  const address = new URL('web-tree-sitter.js', pathToFileURL(wasm));
  address.search = `instance=${instance}`;
  return import(address.href);
}

/**
 * The stack pointer is a global that only WebAssembly modules can reach, so a module of 71 bytes moves it:
 * `(import "env" "__stack_pointer" (global (mut i32))) (func (export "set_stack") (param i32) ...)`.
 */
const stackMover = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[0, 0x0f, 8, ...Buffer.from('dylink.0'), 1, 4, 0, 0, 0, 0],
  ...[1, 5, 1, 0x60, 1, 0x7f, 0],
  ...[2, 0x18, 1, 3, ...Buffer.from('env'), 15, ...Buffer.from('__stack_pointer'), 3, 0x7f, 1],
  ...[3, 2, 1, 0],
  ...[7, 0x0d, 1, 9, ...Buffer.from('set_stack'), 0, 0],
  ...[0x0a, 8, 1, 6, 0, 0x20, 0, 0x24, 0, 0x0b],
]);

async function enlargeStack(internals: Partial<EmscriptenInternals>): Promise<void> {
  const { _malloc, loadWebAssemblyModule } = internals;
  // Another version of the library may hide them: then the small stack stays, and crashes are caught as they come.
  if (_malloc === undefined || loadWebAssemblyModule === undefined) return;
  const { set_stack: setStack } = await loadWebAssemblyModule(stackMover, { loadAsync: true });
  const base = _malloc(stackBytes);
  if (base !== 0 && typeof setStack === 'function') setStack((base + stackBytes) & ~15);
}
