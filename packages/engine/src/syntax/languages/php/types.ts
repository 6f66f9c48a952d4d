/** Types of PHP, as declared and as comments say: of which class a value is. */
import type { Var } from '../../../model/code-facts.ts';
import type { PlainNode } from '../../references/plain-tree.ts';
import { classOf, mentionClass, operands, type PhpReader, textOf } from './reader.ts';

/** Types that say nothing of the class of a value. */
const open = new Set(
  `mixed object callable iterable array self static parent void never null false true bool boolean class-string list scalar resource
  non-empty-array non-empty-list array-key numeric empty key value positive-int`.split(/\s+/),
);
const simple = /^(int|integer|float|double|string|bool|boolean|non-empty-string)$/i;

interface Read {
  readonly classes: Var[];
  /** A value of another kind is possible, too. */
  isOpen: boolean;
}

/** Adds to `to` what a name declared so can be; other values do not get there. */
export function addDeclared(r: PhpReader, type: PlainNode | undefined, to: Var): void {
  if (type === undefined) return;
  const read: Read = { classes: [], isOpen: false };
  collect(r, type, read);
  add(r, read, to, !read.isOpen);
}

function add({ b }: PhpReader, { classes }: Read, to: Var, isOnly: boolean): void {
  if (classes.length > 0) b.add({ op: 'instance', to, type: b.union(classes), ...(isOnly && { isOnly }) });
}

function collect(r: PhpReader, type: PlainNode, read: Read): void {
  switch (type.type) {
    case 'named_type':
    case 'name':
    case 'qualified_name':
      collectNamed(r, textOf(r, type), read, type);
      return;
    case 'primitive_type':
      collectNamed(r, textOf(r, type), read, type);
      return;
    default:
      for (const part of operands(type)) collect(r, part, read);
  }
}

function collectNamed(r: PhpReader, name: string, read: Read, at?: PlainNode): void {
  const small = name.toLowerCase();
  if ((small === 'self' || small === 'static' || small === '$this') && r.cls) read.classes.push(r.cls.type);
  else if (simple.test(name)) read.classes.push(r.b.builtin(/str/i.test(name) ? 'string' : 'int'));
  else if (small === 'null' || small === 'void' || small === 'false') return;
  else if (open.has(small) || small === 'closure') read.isOpen = true;
  else read.classes.push(at === undefined ? classOf(r, name) : mentionClass(r, name, at));
}

const tag = /@(param|return|var)\s+(\S[^\n]*)/g;
const maxComment = 10_000;

/** What a comment before a definition says of types, by name of the parameter; the result is `return`, a field `var`. */
export function documentedTypes(r: PhpReader, comment: PlainNode | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (comment?.type !== 'comment' || comment.end - comment.start > maxComment) return found;
  for (const [, kind, rest = ''] of r.b.text(comment).matchAll(tag)) {
    const type = typeText(rest);
    const name = kind === 'param' ? /^\s*(?:\.\.\.)?&?\$(\w+)/.exec(rest.slice(type.length))?.[1] : kind;
    if (name !== undefined && !found.has(name)) found.set(name, type);
  }
  return found;
}

/** The type at the beginning: up to a space outside brackets. */
function typeText(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] as string;
    if ('<({['.includes(sign)) depth += 1;
    else if ('>)}]'.includes(sign)) depth -= 1;
    else if (depth <= 0 && /\s/.test(sign) && !/[|&]\s*$/.test(text.slice(0, at))) return text.slice(0, at);
  }
  return text;
}

/** A comment promises less than a declaration: nothing is kept out. `Foo[]`, `array<Foo>` and `Collection<Foo>` hold some. */
export function addDocumented(r: PhpReader, type: string | undefined, to: Var, node: PlainNode): void {
  if (type === undefined) return;
  const { b } = r;
  const read: Read = { classes: [], isOpen: false };
  for (const part of splitTop(type)) {
    const list =
      /^(.*)\[\]$/.exec(part)?.[1] ??
      /^(?:array|list|iterable|non-empty-array|non-empty-list)<(?:[^<>]*,)?\s*([^<>,]+)>$/.exec(part)?.[1];
    const name = part.replace(/^\?/, '').replace(/<.*$/, '').replace(/[()]/g, '');
    if (list !== undefined) {
      const items: Read = { classes: [], isOpen: false };
      for (const item of splitTop(list)) if (isClassName(item)) collectNamed(r, item, items);
      if (items.classes.length === 0) continue;
      const held = b.container('list');
      const value = b.variable();
      add(r, items, value, false);
      b.setItem(held, undefined, value, node);
      // Also where the field is `[]` at first.
      b.copy(to, held);
    } else if (isClassName(name)) collectNamed(r, name, read);
  }
  add(r, read, to, false);
}

const isClassName = (name: string): boolean =>
  /^(\$this|\\?[A-Za-z_][\w\\]*)$/.test(name) && !simple.test(name);

/** Alternatives, not inside brackets. */
function splitTop(type: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < type.length; at++) {
    const sign = type[at] as string;
    if ('<({['.includes(sign)) depth += 1;
    else if ('>)}]'.includes(sign)) depth -= 1;
    else if ((sign === '|' || sign === '&') && depth === 0) {
      parts.push(type.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(type.slice(from).trim());
  return parts.filter((part) => part !== '');
}

const namingTag =
  /@(?:phpstan-|psalm-)?(?:param(?:-out)?|return|var|throws|property(?:-read|-write)?|method|mixin|extends|implements|use)\s+(\S[^\n]*)/g;

/** Classes that a comment names as types, each at its line: `@param Foo|null $x`, `@throws Bar`. */
export function namedInComment(r: PhpReader, comment: PlainNode): readonly { name: string; line: number }[] {
  const text = r.b.text(comment);
  if (!text.startsWith('/**') || text.length > maxComment) return [];
  const found: { name: string; line: number }[] = [];
  let line = comment.line;
  let from = 0;
  for (const match of text.matchAll(namingTag)) {
    for (let at = text.indexOf('\n', from); at >= 0 && at < match.index; at = text.indexOf('\n', at + 1))
      line += 1;
    from = match.index;
    for (const [name] of typeText(match[1] as string).matchAll(
      /(?<![$\w\\:'"-])\\?[A-Za-z_][\w\\]*(?![\w\\-]|::\w)/g,
    ))
      if (!simple.test(name) && !open.has(name.toLowerCase())) found.push({ name, line });
  }
  return found;
}
