/**
 * The only module that touches the tree-sitter runtime: starts it, and starts another one after a crash. Knows no
 * language and keeps no state but the number of starts.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Language, Parser, Tree } from 'web-tree-sitter';

export interface TreeSitterRuntime {
  loadGrammar(wasm: Uint8Array): Promise<Language>;
  newParser(language: Language): Parser;
}

/**
 * A walk over one tree by the runtime's own functions. The library's cursor copies its state into WebAssembly and back at each question;
 * here it stays there, in the one buffer that all calls share: nothing else may be asked of the runtime until the walk is over.
 */
export interface TreeWalk {
  toFirstChild(): boolean;
  toNextSibling(): boolean;
  toParent(): boolean;
  typeId(): number;
  /** 0: none. */
  fieldId(): number;
  /** Offsets in the text. */
  start(): number;
  end(): number;
  close(): void;
}

/** The functions of the runtime's module (web-tree-sitter's `lib/binding.c`); each takes the address of a tree. */
type RuntimeModule = Readonly<
  Record<
    | '_ts_tree_root_node_wasm'
    | `_ts_tree_cursor_${'new' | 'delete' | 'goto_first_child' | 'goto_next_sibling' | 'goto_parent'}_wasm`
    | `_ts_tree_cursor_${'current_node_type_id' | 'current_field_id' | 'start_index' | 'end_index'}_wasm`,
    (tree: number) => number
  >
>;

const modules = new WeakMap<Language, RuntimeModule>();

export function walkTree(tree: Tree): TreeWalk {
  const module = modules.get(tree.language);
  if (module === undefined) throw new Error('the tree is of another runtime');
  // The library names it so for itself alone; a test compares what is read with its own cursor.
  const { 0: address } = tree as unknown as { readonly 0: number };
  const {
    _ts_tree_cursor_goto_first_child_wasm: toFirstChild,
    _ts_tree_cursor_goto_next_sibling_wasm: toNextSibling,
    _ts_tree_cursor_goto_parent_wasm: toParent,
    _ts_tree_cursor_current_node_type_id_wasm: typeId,
    _ts_tree_cursor_current_field_id_wasm: fieldId,
    _ts_tree_cursor_start_index_wasm: start,
    _ts_tree_cursor_end_index_wasm: end,
  } = module;
  // Leaves the root in the buffer, and the cursor takes its place.
  module._ts_tree_root_node_wasm(address);
  module._ts_tree_cursor_new_wasm(address);
  return {
    toFirstChild: () => toFirstChild(address) === 1,
    toNextSibling: () => toNextSibling(address) === 1,
    toParent: () => toParent(address) === 1,
    typeId: () => typeId(address),
    fieldId: () => fieldId(address),
    start: () => start(address),
    end: () => end(address),
    close: () => void module._ts_tree_cursor_delete_wasm(address),
  };
}

let started = 0;

/** Starts a runtime that shares nothing with earlier ones, neither memory nor code. */
export async function startRuntime(): Promise<TreeSitterRuntime> {
  started += 1;
  const library = await importLibrary(started);
  // The object that is given becomes the module itself, with its functions; not when the library was started before, by a copy of this one.
  const module: Partial<RuntimeModule> = {};
  await library.Parser.init(module);
  if (!isStarted(module)) return startRuntime();
  return {
    async loadGrammar(wasm) {
      const language = await library.Language.load(wasm);
      modules.set(language, module);
      return language;
    },
    newParser: (language) => new library.Parser().setLanguage(language),
  };
}

const isStarted = (module: Partial<RuntimeModule>): module is RuntimeModule =>
  module._ts_tree_cursor_new_wasm !== undefined;

/** The library holds one WebAssembly instance as long as its module lives: only another address gives another. */
async function importLibrary(instance: number): Promise<typeof import('web-tree-sitter')> {
  if (instance === 1) return import('web-tree-sitter');
  const wasm = createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm');
  const address = new URL('web-tree-sitter.js', pathToFileURL(wasm));
  address.search = `instance=${instance}`;
  return import(address.href);
}
