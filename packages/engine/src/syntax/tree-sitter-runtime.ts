/**
 * The only module that touches the tree-sitter runtime: starts it, and starts another one after a crash. Knows no
 * language and keeps no state but the number of starts.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Language, Parser } from 'web-tree-sitter';

export interface TreeSitterRuntime {
  loadGrammar(wasm: Uint8Array): Promise<Language>;
  newParser(language: Language): Parser;
}

let started = 0;

/** Starts a runtime that shares nothing with earlier ones, neither memory nor code. */
export async function startRuntime(): Promise<TreeSitterRuntime> {
  started += 1;
  const library = await importLibrary(started);
  await library.Parser.init();
  return {
    loadGrammar: (wasm) => library.Language.load(wasm),
    newParser: (language) => new library.Parser().setLanguage(language),
  };
}

/** The library holds one WebAssembly instance as long as its module lives: only another address gives another. */
async function importLibrary(instance: number): Promise<typeof import('web-tree-sitter')> {
  if (instance === 1) return import('web-tree-sitter');
  const wasm = createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm');
  const address = new URL('web-tree-sitter.js', pathToFileURL(wasm));
  address.search = `instance=${instance}`;
  return import(address.href);
}
