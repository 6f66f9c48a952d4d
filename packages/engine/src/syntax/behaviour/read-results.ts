/**
 * What a function gives back, and from which assignments and parameters it comes: only names that are given one value in the function
 * are followed, so that each step holds whichever way the code runs.
 */
import type { FlowStep } from '../../model/behaviour.ts';
import { childOf, type PlainNode } from '../references/plain-tree.ts';
import type { BehaviourReader } from './behaviour-reader.ts';
import { operands } from './scopes.ts';

const maxSteps = 5;

export function readResult(
  reader: BehaviourReader,
  node: PlainNode,
  value: PlainNode,
  way: 'returns' | 'yields',
): void {
  if (reader.scope.index === 0) return;
  const { steps, parameters } = sourcesOf(reader, value);
  reader.add(node, { kind: 'result', way, text: reader.short(value, 80), steps, parameters });
}

function sourcesOf(
  reader: BehaviourReader,
  value: PlainNode,
): { readonly steps: readonly FlowStep[]; readonly parameters: readonly string[] } {
  const steps: FlowStep[] = [];
  const parameters = new Set<string>();
  const seen = new Set<string>();
  const queue = [...namesIn(reader, value)];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const origin = reader.scope.names.get(name);
    if (origin === undefined) continue;
    if (origin.isParameter) {
      const isReceiver = reader.language.receivers.has(name) || reader.scope.receiver === name;
      if (origin.times === 0 && !isReceiver) parameters.add(name);
      continue;
    }
    if (origin.times !== 1 || origin.value === undefined || steps.length >= maxSteps) continue;
    if (reader.scopes.has(origin.value)) continue;
    steps.push({
      to: name,
      from: reader.short(origin.value, 80),
      start: origin.value.line,
      end: origin.value.endLine,
    });
    queue.push(...namesIn(reader, origin.value));
  }
  return { steps, parameters: [...parameters] };
}

/** Names that the expression reads; not what nested functions read, nor keys and members. */
function namesIn(reader: BehaviourReader, root: PlainNode): string[] {
  const { language } = reader;
  const found: string[] = [];
  const visit = (node: PlainNode) => {
    // Inside a macro nothing tells a name from a field.
    if (reader.scopes.has(node) || node.type === 'token_tree') return;
    if (node.children.length === 0) {
      if (language.identifiers.has(node.type) || node.type === 'shorthand_property_identifier')
        found.push(reader.text(node));
      return;
    }
    const member = language.members[node.type];
    const call = language.calls[node.type];
    for (const child of node.children) {
      if (member !== undefined && child.field !== member[0]) continue;
      if (call?.name !== undefined && child.field === call.name) continue;
      if (node.type === 'keyword_argument' && child.field === 'name') continue;
      visit(child);
    }
  };
  visit(root);
  return found;
}

/** The last expression of a body is its result (Rust). */
export function readTail(reader: BehaviourReader, body: PlainNode): void {
  if (body.type !== 'block') {
    readTailValue(reader, body);
    return;
  }
  let last = body.children.at(-1);
  // An `if` that stands last is in a statement of its own.
  if (last?.type === 'expression_statement' && !/;\s*$/.test(reader.short(last, 10_000)))
    last = last.children[0];
  if (last === undefined || /statement|declaration|item$|comment/.test(last.type)) return;
  if (/^(if_expression|match_expression|loop_expression|while_expression|for_expression)$/.test(last.type)) {
    const ends =
      last.type === 'match_expression' ? armsOf(last) : last.type === 'if_expression' ? branchesOf(last) : [];
    for (const end of ends) readTail(reader, end);
    return;
  }
  readTailValue(reader, last);
}

/** Errors and panics are told as such, and what leaves the block gives it no value. */
function readTailValue(reader: BehaviourReader, node: PlainNode): void {
  const isOther = /^(Err\(|(return|continue|break)\b|(panic|unreachable|todo|unimplemented)!)/.test(
    reader.short(node, 20),
  );
  if (!isOther) readResult(reader, node, node, 'returns');
}

function armsOf(match: PlainNode): PlainNode[] {
  const block = childOf(match, 'body');
  return (block?.children ?? []).flatMap((arm) => childOf(arm, 'value') ?? []);
}

function branchesOf(node: PlainNode): PlainNode[] {
  const consequence = childOf(node, 'consequence');
  const alternative = childOf(node, 'alternative');
  const other = alternative && operands(alternative)[0];
  return [
    ...(consequence ? [consequence] : []),
    ...(other ? (other.type === 'if_expression' ? branchesOf(other) : [other]) : []),
  ];
}
