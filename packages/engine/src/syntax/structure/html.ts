/**
 * HTML and component files (Vue, Svelte, Astro) -> headings, ids and blocks; and their scripts and styles as embedded
 * texts, which the readers of those languages outline.
 */
import type { LanguageId } from '../../model/file.ts';
import type { SymbolDef } from '../../model/parsed-file.ts';
import { textTable } from '../../model/text-table.ts';
import type { EmbeddedText } from '../language.ts';
import type { Draft, Heading } from './draft.ts';
import { draft, maxSymbols, readerLines, sectionsOf, tidyName } from './draft.ts';
import type { Tag } from './markup.ts';
import { htmlSyntax, scanTags } from './markup.ts';

/** Sections by `<h1>`..`<h6>`, elements with an id as keys. */
export function htmlOutline(text: string): SymbolDef[] {
  const headings: Heading[] = [];
  const ids: Draft[] = [];
  scanTags(text, htmlSyntax, (tag) => {
    if (tag.isClosing) return true;
    const level = /^h[1-6]$/i.test(tag.name) ? Number(tag.name[1]) : 0;
    if (level > 0) {
      const name = headingText(text, tag.after);
      if (name !== '')
        headings.push({ level, name, start: tag.line, nameLine: tag.line, headEnd: tag.endLine });
    } else {
      const id = tag.attributes.get('id') ?? '';
      if (id !== '' && !id.includes('{')) ids.push(draft('key', id, tag.line));
    }
    return headings.length + ids.length < maxSymbols;
  });
  return mergeByLine(sectionsOf(headings, readerLines(text)), ids);
}

/** Text up to the closing heading tag, without tags in it. */
function headingText(text: string, from: number): string {
  const rest = text.slice(from, from + 600);
  const close = rest.search(/<\/h[1-6]/i);
  return tidyName(
    (close === -1 ? (rest.split('\n')[0] ?? '') : rest.slice(0, close)).replace(/<[^<>]*>/g, ' '),
  );
}

/** Puts ids among the sections, each under the section that holds its line. Parents stay before their children. */
function mergeByLine(sections: readonly SymbolDef[], ids: readonly Draft[]): SymbolDef[] {
  const merged: SymbolDef[] = [];
  const place: number[] = [];
  let next = 0;
  let current = -1;
  const addIds = (before: number): void => {
    for (; next < ids.length && (ids[next]?.start ?? 0) < before; next += 1) {
      const id = ids[next];
      if (id !== undefined) merged.push({ ...id, parent: current });
    }
  };
  for (const [index, section] of sections.entries()) {
    addIds(section.start);
    place[index] = merged.length;
    current = merged.length;
    merged.push({ ...section, parent: section.parent === -1 ? -1 : (place[section.parent] ?? -1) });
  }
  addIds(Number.POSITIVE_INFINITY);
  return merged;
}

/** The `<template>`, `<script>` and `<style>` blocks of a component, as sections. */
export function componentBlocks(text: string): SymbolDef[] {
  const blocks: Draft[] = [];
  let open: Draft | undefined;
  let depth = 0;
  scanTags(text, htmlSyntax, (tag) => {
    const name = tag.name.toLowerCase();
    if (open !== undefined && name === open.name.split(' ')[0]) {
      depth += tag.isClosing ? -1 : tag.isEmpty ? 0 : 1;
      if (depth > 0) return true;
      open.end = tag.endLine;
      open = undefined;
    } else if (open === undefined && !tag.isClosing && !tag.isEmpty && isBlockName(name)) {
      open = draft('section', tag.attributes.has('setup') ? `${name} setup` : name, tag.line);
      open.headEnd = tag.endLine;
      open.end = tag.endLine;
      blocks.push(open);
      depth = 1;
    }
    return blocks.length < maxSymbols;
  });
  if (open !== undefined) open.end = Math.max(open.headEnd, readerLines(text).length);
  return blocks;
}

function isBlockName(name: string): boolean {
  return name === 'template' || name === 'script' || name === 'style' || name === 'i18n';
}

const scriptLanguages = textTable<LanguageId>({
  ts: 'typescript',
  typescript: 'typescript',
  tsx: 'tsx',
  jsx: 'javascript',
  js: 'javascript',
  babel: 'javascript',
  module: 'javascript',
});
const styleLanguages = textTable<LanguageId>({
  scss: 'scss',
  sass: 'scss',
  less: 'scss',
  postcss: 'css',
  stylus: 'text',
});

/** Languages that the pieces may be in. */
export const embeddedLanguages: readonly LanguageId[] = ['typescript', 'tsx', 'javascript', 'css', 'scss'];

/** Scripts and styles with their first lines. Scripts of other types (templates, JSON) are left as text. */
export function embeddedBlocks(text: string): EmbeddedText[] {
  const pieces: EmbeddedText[] = [];
  let open: Tag | undefined;
  scanTags(text, htmlSyntax, (tag) => {
    const name = tag.name.toLowerCase();
    if (name !== 'script' && name !== 'style') return true;
    if (!tag.isClosing) {
      open = tag.isEmpty ? undefined : tag;
      return true;
    }
    const language = open === undefined ? undefined : languageOfBlock(name, open);
    if (open !== undefined && language !== undefined && tag.at > open.after) {
      pieces.push({ language, startLine: open.endLine, text: text.slice(open.after, tag.at) });
    }
    open = undefined;
    return pieces.length < 200;
  });
  return pieces;
}

function languageOfBlock(name: string, tag: Tag): LanguageId | undefined {
  const lang = tag.attributes.get('lang')?.toLowerCase();
  if (name === 'style') return lang === undefined ? 'css' : (styleLanguages[lang] ?? 'css');
  if (lang !== undefined) return scriptLanguages[lang];
  const type = tag.attributes.get('type')?.toLowerCase();
  if (type === undefined || type === '') return 'javascript';
  return scriptLanguages[type.replace(/^(?:text|application)\/(?:x-)?/, '').replace('javascript', 'js')];
}

/** Astro: TypeScript between the `---` fences at the head, then markup. */
export function astroBlocks(text: string): EmbeddedText[] {
  const pieces = embeddedBlocks(text);
  if (!text.startsWith('---')) return pieces;
  const start = text.indexOf('\n') + 1;
  const close = text.indexOf('\n---', 3);
  if (start === 0 || close === -1 || close < start) return pieces;
  return [{ language: 'typescript', startLine: 2, text: text.slice(start, close) }, ...pieces];
}
