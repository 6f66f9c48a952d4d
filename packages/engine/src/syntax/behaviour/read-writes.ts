/** What a function changes that outlives it: fields, variables of the module or of an outer function, parts of its arguments. */
import { childOf, type PlainNode } from '../references/plain-tree.ts';
import type { BehaviourReader } from './behaviour-reader.ts';
import { lookUp, operands } from './scopes.ts';

export function readWrite(reader: BehaviourReader, node: PlainNode): void {
  const { language, scope } = reader;
  // Code of the module and of class bodies makes what others change.
  if (scope.index === 0) return;
  const shape = language.assigns[node.type];
  const isRemoved =
    /delete/.test(node.type) || (node.type === 'unary_expression' && /^delete\b/.test(reader.text(node)));
  const given = shape
    ? childOf(node, shape[0])
    : (childOf(node, language.updates[node.type] ?? '') ?? operands(node)[0]);
  if (given === undefined || (node.type === 'unary_expression' && !isRemoved)) return;
  for (const target of targetsOf(given)) readTarget(reader, node, target, isRemoved);
}

function targetsOf(left: PlainNode): readonly PlainNode[] {
  return /^(expression_list|pattern_list|tuple_pattern|tuple_expression|tuple)$/.test(left.type)
    ? left.children.flatMap(targetsOf)
    : [left];
}

function readTarget(reader: BehaviourReader, node: PlainNode, target: PlainNode, isRemoved: boolean): void {
  const { base, depth } = baseOf(reader, target);
  const of = base && placeOf(reader, base, depth);
  if (of === undefined) return;
  const isInitial =
    of === 'field' && depth <= 1 && (reader.functions[reader.scope.index]?.isConstructor ?? false);
  reader.add(
    node,
    { kind: 'write', target: reader.short(target, 80), of, isInitial, isRemoved },
    target.endLine,
  );
}

/** `a` of `a.b[c].d`, and how many steps lie between. */
function baseOf(
  reader: BehaviourReader,
  target: PlainNode,
): { readonly base?: PlainNode; readonly depth: number } {
  const { language } = reader;
  let at: PlainNode | undefined = target;
  for (let depth = 0; at !== undefined; ) {
    const member: string | undefined = language.members[at.type]?.[0] ?? language.elements[at.type];
    if (member !== undefined) {
      depth += 1;
      at = childOf(at, member);
    } else if (language.wrappers.has(at.type) || at.type === 'unary_expression') {
      // Through a pointer.
      if (at.type === 'unary_expression') depth += 1;
      at = operands(at)[0];
    } else return { base: at, depth };
  }
  return { depth: 0 };
}

function placeOf(
  reader: BehaviourReader,
  base: PlainNode,
  depth: number,
): 'field' | 'module' | 'closure' | 'argument' | undefined {
  const { language, scope } = reader;
  if (depth > 0 && reader.isReceiver(base)) return reader.isReceiverCopied() ? undefined : 'field';
  if (!language.identifiers.has(base.type)) return undefined;
  const name = reader.text(base);
  // Nothing is kept.
  if (language.id === 'go' && name === '_') return undefined;
  const found = lookUp(name, scope);
  if (found.imported !== undefined) return undefined;
  if (found.scope === undefined || found.origin === undefined)
    return scope.outer.has(name)
      ? 'module'
      : language.id === 'java' && reader.owner()?.fields.has(name)
        ? 'field'
        : undefined;
  if (found.scope === scope) {
    const { isParameter, times } = found.origin;
    const type = found.origin.type && reader.text(found.origin.type);
    const isShared = language.isShared?.(type) ?? true;
    return depth > 0 && isParameter && times === 0 && isShared ? 'argument' : undefined;
  }
  if (found.scope.index === 0) return 'module';
  return 'closure';
}
