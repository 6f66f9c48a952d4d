/**
 * `#define`: a macro that only calls something, or only names it, stands for that; one with more in it calls, where it is used, what its
 * text calls. What it calls through a parameter is not known.
 */
import type { Var } from '../../../model/code-facts.ts';
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { type CReader, linked } from './reader.ts';

const wrapper = /^\(?\s*([A-Za-z_]\w*(?:::\w+)*)\s*\(([^;{}]*)\)\s*\)?$/;
const name = /^\(?\s*([A-Za-z_]\w*(?:::\w+)*)\s*\)?$/;
/** A name before a parenthesis that is no member and not glued together. */
const call = /(?<![\w.#:]|->|#\s)((?:::)?[A-Za-z_]\w*(?:::\w+)*)\s*\(/g;
const words = new Set(
  `sizeof defined if for while do switch return void int char long short unsigned double float bool static const alignof decltype
  typeof __typeof__ __attribute__ __extension__ __asm__ asm static_assert _Static_assert catch noexcept`.split(
    /\s+/,
  ),
);
const maxText = 4_000;
const maxCalls = 16;

export function readMacro(r: CReader, node: PlainNode): void {
  const { b } = r;
  const own = childOf(node, 'name');
  const body = childOf(node, 'value');
  if (own === undefined) return;
  const value = b.variable();
  r.exports.push([`M:${b.text(own)}`, value]);
  const text =
    body === undefined
      ? ''
      : withoutBreaks(b.text({ ...body, end: Math.min(body.end, body.start + maxText) }));
  if (node.type !== 'preproc_function_def') {
    const only = name.exec(text)?.[1];
    if (only !== undefined && !words.has(only) && only !== b.text(own))
      b.copy(value, linked(r, 'value', only));
    return;
  }
  const parameters = new Set(childOf(node, 'parameters')?.children.map((child) => b.text(child)));
  if (!readWrapper(r, text, parameters, value)) readCalls(r, text, parameters, value);
}

/** `#define f(x) g(x)`: the arguments are those of what is called. */
function readWrapper(r: CReader, text: string, parameters: ReadonlySet<string>, value: Var): boolean {
  const [, callee, args = ''] = wrapper.exec(text) ?? [];
  if (callee === undefined || words.has(callee) || parameters.has(callee) || /[()]/.test(args)) return false;
  r.b.copy(value, linked(r, `call${countArguments(`${args})`)}`, callee));
  return true;
}

function readCalls(r: CReader, text: string, parameters: ReadonlySet<string>, value: Var): void {
  const { b } = r;
  const callees = new Map<string, Var>();
  let isKnown = true;
  for (const found of text.matchAll(call)) {
    const callee = found[1] as string;
    if (parameters.has(callee)) isKnown = false;
    else if (!words.has(callee) && callees.size < maxCalls)
      callees.set(
        callee,
        linked(r, `call${countArguments(text.slice(found.index + found[0].length))}`, callee),
      );
  }
  for (const from of callees.values()) b.add({ op: 'within', to: value, from });
  if (isKnown) b.add({ op: 'accessor', to: value, from: b.variable() });
}

const withoutBreaks = (text: string): string => text.replace(/\\\r?\n/g, ' ').trim();

/** Of what follows an opening parenthesis. */
function countArguments(text: string): number {
  if (/^\s*\)/.test(text)) return 0;
  let depth = 0;
  let count = 1;
  for (const sign of text) {
    if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign)) depth -= 1;
    else if (sign === ',' && depth === 0) count += 1;
    if (depth < 0) break;
  }
  return count;
}
