/**
 * What stands in the parentheses of a macro call is raw tokens to the grammar. Nearly always it is expressions (`assert!(f(x))`), or items
 * (`cfg_rt! { pub fn f() {} }`): such calls are written over so that the grammar reads them, `name!(` as `name_(`, and item macros as
 * blanks. Keeps the length and every line break; one pass over the text.
 */
import { textTable } from '../../../model/text-table.ts';

interface Open {
  readonly bracket: string;
  /** Offset of the bracket. */
  readonly at: number;
  /** Offset of the name and of `!`, where a macro is called. */
  readonly macro: { readonly start: number; readonly bang: number; readonly name: string } | undefined;
  /** Something that no list of expressions has. */
  isOdd: boolean;
  hasSemicolon: boolean;
}

const closing = textTable<string>({ '(': ')', '[': ']', '{': '}' });
const items =
  /^\s*(?:(?:\/\/[^\n]*\n|#\[[^\]\n]*\])\s*)*(?:pub(?:\([^)\n]*\))?\s+)?(?:(?:async|unsafe|const|extern|default)\s+)*(?:fn|struct|enum|trait|impl|mod|union|static|use|type)\b/;
const call = /([A-Za-z_][\w]*)!\s*$/;
/** Their contents are no expressions, though they may look so. */
const never = new Set([
  'macro_rules',
  'bitflags',
  'asm',
  'global_asm',
  'cfg_if',
  'cfg',
  'stringify',
  'quote',
  'parse_quote',
]);
const maxDepth = 2_000;

export function openMacros(text: string): string {
  const edits: (readonly [start: number, end: number, text: string])[] = [];
  const stack: Open[] = [];
  const tokens =
    /\/\/[^\n]*|\/\*|(?:b|c|br|cr|r)?"|b?r(#{1,10})"|'(?:\\[^\n]{1,10}?|[^\\'\n])'|=>|::|,\s*[%?]|[()[\]{}$;#:]/g;
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const [token] = match;
    const at = match.index;
    const top = stack.at(-1);
    if (token.startsWith('//')) continue;
    if (token === '/*') tokens.lastIndex = afterComment(text, at);
    else if (token.endsWith('"')) tokens.lastIndex = afterString(text, tokens.lastIndex, token);
    else if (token === '::') continue;
    else if (/^(=>|[$#:]|,\s*[%?])$/.test(token)) {
      if (top) top.isOdd = true;
    } else if (token === ';') {
      if (top) top.hasSemicolon = true;
    } else if (closing[token] !== undefined) {
      if (stack.length >= maxDepth) return text;
      stack.push({ bracket: token, at, macro: macroBefore(text, at), isOdd: false, hasSemicolon: false });
    } else if (token.length === 1) {
      const open = stack.pop();
      if (open === undefined || closing[open.bracket] !== token) return apply(text, edits);
      if (open.macro !== undefined) edits.push(...editsOf(text, open, at));
    }
  }
  return apply(text, edits);
}

function macroBefore(text: string, at: number): Open['macro'] {
  const before = text.slice(Math.max(0, at - 80), at);
  const found = call.exec(before);
  if (found === null) return undefined;
  const [whole, name = ''] = found;
  const start = at - whole.length;
  return { start, bang: start + name.length, name };
}

type Edit = readonly [start: number, end: number, text: string];

function editsOf(text: string, open: Open, end: number): Edit[] {
  const { macro, at, bracket, isOdd, hasSemicolon } = open;
  if (macro === undefined || never.has(macro.name)) return [];
  const inner = text.slice(at + 1, Math.min(end, at + 40_000));
  if (items.test(inner) && !/^\s*(?:struct|enum|const)\s*\w*\s*$/.test(inner)) {
    // A path before the name goes too.
    const path = /(?:\w+::)*$/.exec(text.slice(Math.max(0, macro.start - 80), macro.start))?.[0].length ?? 0;
    const after = /^\s*;/.exec(text.slice(end + 1, end + 20))?.[0].length ?? 0;
    return [
      [macro.start - path, at + 1, ''],
      [end, end + 1 + after, ''],
    ];
  }
  if (bracket === '{' || isOdd) return [];
  if (hasSemicolon && macro.name !== 'vec') return [];
  const edits: Edit[] = [[macro.bang, macro.bang + 1, '_']];
  if (bracket === '[') edits.push([at, at + 1, '('], [end, end + 1, ')']);
  const semicolon = hasSemicolon ? text.lastIndexOf(';', end) : -1;
  if (semicolon > at) edits.push([semicolon, semicolon + 1, ',']);
  return edits;
}

/** Comments nest. */
function afterComment(text: string, start: number): number {
  let depth = 0;
  const ends = /\/\*|\*\//g;
  ends.lastIndex = start;
  for (let match = ends.exec(text); match !== null; match = ends.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return ends.lastIndex;
  }
  return text.length;
}

function afterString(text: string, from: number, token: string): number {
  if (/r/.test(token)) {
    const close = `"${'#'.repeat(token.length - token.replaceAll('#', '').length)}`;
    const end = text.indexOf(close, from);
    return end < 0 ? text.length : end + close.length;
  }
  const rest = /(?:[^"\\]|\\[\s\S])*/y;
  rest.lastIndex = from;
  rest.exec(text);
  return rest.lastIndex === 0 ? text.length : rest.lastIndex + 1;
}

/** Blanks where the text is shorter than what it stands for. */
function apply(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a[0] - b[0]);
  let at = 0;
  const parts: string[] = [];
  for (const [start, end, given] of sorted) {
    if (start < at) continue;
    parts.push(text.slice(at, start), given === '' ? text.slice(start, end).replace(/[^\r\n]/g, ' ') : given);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
