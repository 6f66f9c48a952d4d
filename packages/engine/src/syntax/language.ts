/**
 * What a language is to Conexus, as data: how to recognise its files and how to read an outline from them.
 * Knows no parser: a definition can be listed without loading a grammar.
 */
import type { LanguageId } from '../model/file.ts';
import type { SymbolDef } from '../model/parsed-file.ts';
import type { OutlineRules } from './outline/rules.ts';

/** A piece of a file written in another language, e.g. the script block of a Vue component. */
export interface EmbeddedText {
  readonly language: LanguageId;
  /** 1-based line of the file on which `text` begins. */
  readonly startLine: number;
  readonly text: string;
}

/** How a tree-sitter language is read: which grammar parses it and which of its nodes are definitions. */
export interface TreeReading {
  /** Name of the grammar in `grammars/grammars.lock.json`. */
  readonly grammar: string;
  readonly outline: OutlineRules;
  /** Blanks out what the grammar cannot read. Must keep the length and every line break. */
  readonly mask?: (text: string) => string;
}

export interface LanguageDefinition {
  readonly id: LanguageId;
  /** Name for people, e.g. `C#`. */
  readonly name: string;
  /** Other names people and fences use, lower case, e.g. `ts`, `golang`. */
  readonly aliases: readonly string[];
  /** Lower case with the leading dot; of two that match a path the longer wins (`.d.ts` before `.ts`). */
  readonly extensions: readonly string[];
  /**
   * Endings of pieces that files of this language include, and that others have, too (`.def` is also a list of exports for a linker): the
   * first line decides.
   */
  readonly pieces?: { readonly extensions: readonly string[]; readonly firstLine: RegExp };
  /** Whole file names, matched without regard to case. A trailing `*` matches any ending (`Dockerfile*`). */
  readonly filenames?: readonly string[];
  /** Interpreter names after `#!`, without version digits: `python`, `bash`. */
  readonly shebangs?: readonly string[];
  readonly lineComments: readonly string[];
  readonly blockComments: readonly (readonly [open: string, close: string])[];
  /**
   * `tree`: a tree-sitter grammar (`tree` is set). `structure`: a scanner of ours (`structure` is set).
   * `lines`: no outline; the file is chunked by lines.
   */
  readonly reader: 'tree' | 'structure' | 'lines';
  readonly tree?: TreeReading;
  /** Parents before children, in source order. Must be linear in the text and never throw. */
  readonly structure?: (text: string) => readonly SymbolDef[];
  /** Languages that `embedded` may name: `loadLanguage` loads them with this one. */
  readonly embeds?: readonly LanguageId[];
  /**
   * Pieces to be read on their own, in another language or in this one; their symbols join the file's own at top
   * level. For `tree` languages as well as `structure`. Must be linear in the text and never throw.
   */
  readonly embedded?: (text: string) => readonly EmbeddedText[];
}
