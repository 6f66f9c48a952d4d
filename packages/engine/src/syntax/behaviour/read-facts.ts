/** The second look at a tree: what each node says of behaviour, by the tables of its language. */
import { childOf, type PlainNode } from '../references/plain-tree.ts';
import type { BehaviourReader } from './behaviour-reader.ts';
import { effectNamed, isLogLook, namesOf, ofList } from './name-table.ts';
import { readHandlers } from './read-handlers.ts';
import { readResult, readTail } from './read-results.ts';
import { readWrite } from './read-writes.ts';
import { operands, parameterNodes } from './scopes.ts';

export function readFacts(reader: BehaviourReader, node: PlainNode): void {
  const before = reader.scope;
  const own = reader.scopes.get(node);
  if (own !== undefined) {
    reader.scope = own;
    if (own.index > 0) readHeader(reader, node);
  }
  if (!reader.language.comments.has(node.type)) {
    if (own === undefined) readNode(reader, node);
    reader.ancestors.push(node);
    for (const child of node.children) readFacts(reader, child);
    reader.ancestors.pop();
  }
  reader.scope = before;
}

function readHeader(reader: BehaviourReader, node: PlainNode): void {
  const { language } = reader;
  const fact = reader.functions[reader.scope.index];
  for (const parameter of parameterNodes(node)) {
    if (parameter.field === 'receiver' || !language.parameters.has(parameter.type)) continue;
    if (childOf(node, 'receiver')?.children.includes(parameter)) continue;
    readParameter(reader, parameter);
  }
  if (fact?.isAsync) reader.add(node, { kind: 'concurrency', what: 'async', text: fact.name }, fact.headEnd);
  const body = childOf(node, 'body');
  if (body !== undefined && language.hasTailResult) readTail(reader, body);
  if (body !== undefined && node.type === 'arrow_function' && body.type !== 'statement_block')
    readResult(reader, body, body, 'returns');
}

function readParameter(reader: BehaviourReader, node: PlainNode): void {
  const type = childOf(node, 'type');
  const value = childOf(node, 'value');
  const pattern = childOf(node, 'pattern');
  const names = pattern ? [pattern] : node.children.filter((child) => child.field === 'name');
  const plain =
    node.children.length === 0
      ? [node]
      : node.children.filter((child) => child.field === null && reader.language.identifiers.has(child.type));
  for (const name of names.length > 0 ? names : plain) {
    const text = reader.short(name, 60);
    if (reader.language.receivers.has(text) || text === 'cls') continue;
    reader.add(node, {
      kind: 'parameter',
      name: text,
      ...(type && { type: reader.short(type, 80).replace(/^:\s*/, '') }),
      ...(value && { standard: reader.short(value, 60) }),
    });
  }
}

function readNode(reader: BehaviourReader, node: PlainNode): void {
  const { language } = reader;
  const concurrency = language.concurrencyNodes[node.type];
  // The keyword alone is a leaf of the same type.
  if (concurrency !== undefined && node.children.length > 0)
    reader.add(node, { kind: 'concurrency', what: concurrency, text: reader.short(node, 80) }, node.line);
  if (language.raises.has(node.type)) readRaise(reader, node);
  if (node.type in language.calls || node.type in language.creations) readCall(reader, node);
  if (node.type in language.elements || node.type in language.members) readSetting(reader, node);
  if (node.type in language.assigns || node.type in language.updates) readWrite(reader, node);
  if (language.returns.has(node.type)) readReturn(reader, node, 'returns');
  if (language.yields.has(node.type)) readReturn(reader, node, 'yields');
  const handlers = language.tries[node.type];
  if (handlers !== undefined) readHandlers(reader, node, handlers);
  language.extra?.(node, reader);
}

function readReturn(reader: BehaviourReader, node: PlainNode, way: 'returns' | 'yields'): void {
  const value = operands(node).find((child) => !reader.language.comments.has(child.type));
  // An error of Rust is told as one.
  if (value !== undefined && !/^Err\(/.test(reader.short(value, 10))) readResult(reader, node, value, way);
}

function readRaise(reader: BehaviourReader, node: PlainNode): void {
  const [thrown] = operands(node).filter((child) => !reader.language.comments.has(child.type));
  if (thrown === undefined) {
    reader.add(node, { kind: 'raise', way: 'throws', what: '' });
    return;
  }
  const named = reader.nameOf(thrown);
  const what = named === undefined ? reader.short(thrown, 80) : thrownName(named.written);
  reader.add(node, { kind: 'raise', way: 'throws', what });
}

function readCall(reader: BehaviourReader, node: PlainNode): void {
  const { language } = reader;
  const callee = node.type in language.calls ? reader.calleeOf(node) : reader.nameOf(node);
  if (callee === undefined) return;
  const { written, name } = callee;
  const plain = written.replace(/^new /, '').replace(/\(\)$/, '');
  if (name !== undefined) {
    const effect = effectNamed(language, name);
    if (effect !== undefined) reader.add(node, { kind: 'effect', effect, callee: plain, name });
    const concurrency = namesOf(language.concurrencyCalls).kindOf(name);
    if (concurrency !== undefined) reader.add(node, { kind: 'concurrency', what: concurrency, text: plain });
    const source = namesOf(language.configCalls).kindOf(name);
    const setting = source && reader.firstText(node);
    if (source !== undefined)
      reader.add(node, {
        kind: 'config',
        source,
        callee: plain,
        ...(setting !== undefined && { name: setting }),
      });
    if (ofList(language.panics).has(name) || ofList(language.ends).has(name))
      reader.add(node, { kind: 'raise', way: 'panics', what: plain });
  } else if (isLogLook(plain)) {
    reader.add(node, { kind: 'effect', effect: 'logs', callee: plain });
  }
}

/** `os.environ['X']`, `process.env.X`. */
function readSetting(reader: BehaviourReader, node: PlainNode): void {
  const { language } = reader;
  const isElement = node.type in language.elements;
  if (!isElement && !language.configMembers) return;
  const object = childOf(
    node,
    isElement ? (language.elements[node.type] as string) : (language.members[node.type]?.[0] as string),
  );
  const written = object && reader.nameOf(object);
  const source =
    written?.name === undefined ? undefined : namesOf(language.configObjects).kindOf(written.name);
  if (source === undefined || written === undefined || isWritten(reader, node)) return;
  const key = isElement
    ? (childOf(node, 'index') ?? childOf(node, 'subscript'))
    : childOf(node, language.members[node.type]?.[1] ?? '');
  const name = key && (isElement ? reader.stringOf(key) : reader.text(key));
  reader.add(node, { kind: 'config', source, callee: written.written, ...(name !== undefined && { name }) });
}

function isWritten(reader: BehaviourReader, node: PlainNode): boolean {
  const parent = reader.parent();
  return (
    parent !== undefined &&
    ((parent.type in reader.language.assigns && node.field === 'left') ||
      parent.type in reader.language.updates)
  );
}

/** The class that is made, or the call that gives what is thrown. */
function thrownName(written: string): string {
  const bare = written.replace(/^new /, '').replace(/\(\)$/, '');
  const last = bare.slice(bare.lastIndexOf('.') + 1);
  return written.endsWith(')') && /^[a-z]/.test(last) ? `${bare}()` : bare;
}
