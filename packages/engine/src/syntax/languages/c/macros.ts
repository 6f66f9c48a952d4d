/** `#define`: a macro that only calls something, or only names it, stands for that; any other is known and not followed. */
import { childOf, type PlainNode } from '../../references/plain-tree.ts';
import { type CReader, linked } from './reader.ts';

const wrapper = /^\(?\s*([A-Za-z_]\w*(?:::\w+)*)\s*\(([^;{}]*)\)\s*\)?$/;
const name = /^\(?\s*([A-Za-z_]\w*(?:::\w+)*)\s*\)?$/;
const words = new Set('sizeof defined if for while do return void int char __attribute__ __extension__ static const'.split(' '));

export function readMacro(r: CReader, node: PlainNode): void {
  const { b } = r;
  const own = childOf(node, 'name');
  const body = childOf(node, 'value');
  if (own === undefined) return;
  const value = b.variable();
  r.exports.push([`M:${b.text(own)}`, value]);
  const text = body === undefined ? '' : b.text(body).replace(/\\\r?\n/g, ' ').trim();
  if (text === '' || text.length > 400) return;
  const isFunction = node.type === 'preproc_function_def';
  const [, callee, args = ''] = (isFunction ? wrapper : name).exec(text) ?? [];
  if (callee === undefined || words.has(callee) || callee === b.text(own)) return;
  const parameters = childOf(node, 'parameters')?.children.map((child) => b.text(child)) ?? [];
  // What is called through a parameter is not known here.
  if (parameters.includes(callee)) return;
  if (!isFunction) {
    b.copy(value, linked(r, 'value', callee));
    return;
  }
  if (/[()]\s*[-+*/%&|<>=?]/.test(args) && args.split('(').length !== args.split(')').length) return;
  b.copy(value, linked(r, `call${countArguments(args)}`, callee));
}

function countArguments(args: string): number {
  if (args.trim() === '') return 0;
  let depth = 0;
  let count = 1;
  for (const sign of args) {
    if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign)) depth -= 1;
    else if (sign === ',' && depth === 0) count += 1;
  }
  return count;
}
