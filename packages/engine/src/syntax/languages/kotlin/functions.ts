/** Functions, extensions and lambdas of Kotlin, their parameters and arguments. */
import type { Parameter, Var } from '../../../model/code-facts.ts';
import type { FunctionDraft } from '../../references/facts-builder.ts';
import type { PlainNode } from '../../references/plain-tree.ts';
import { holderPath, keyOf, type OpenClass } from '../../references/typed-classes.ts';
import { bindLocal, type KotlinReader, nameOf, operands, partOf } from './reader.ts';
import { addDeclaredType, declareTypeParameters, isType, typeOf } from './types.ts';

export function readArguments(r: KotlinReader, list: PlainNode) {
  return operands(list).map((argument) => {
    const parts = operands(argument);
    const value = parts.at(-1);
    return { value: value === undefined ? r.b.variable() : r.evaluate(value) };
  });
}

export function argumentCounts(node: PlainNode): number[] {
  const { least, most } = countsOf(partOf(node, 'function_value_parameters'));
  return Array.from({ length: most - least + 1 }, (_, at) => least + at);
}

export function countsOf(list: PlainNode | undefined): { least: number; most: number; hasRest: boolean } {
  const parts = list?.children ?? [];
  const parameters = parts.filter(({ type }) => type === 'parameter');
  const hasRest = parts.some(({ type }) => type === 'parameter_modifiers');
  // The value of a parameter stands beside it.
  const given = parts.filter(
    ({ type, field }, at) =>
      parts[at - 1]?.type === 'parameter' &&
      type !== 'parameter' &&
      !/comment|modifiers/.test(type) &&
      field === null,
  );
  const most = parameters.length;
  return { least: Math.max(0, most - given.length - (hasRest ? 1 : 0)), most, hasRest };
}

export function receiverType(node: PlainNode): PlainNode | undefined {
  const at = node.children.findIndex(({ field }) => field === 'name');
  return node.children.slice(0, at).find((part) => isType(part));
}

/** `fun T.f()`: a method of T that stands elsewhere. */
export function readExtension(r: KotlinReader, node: PlainNode): void {
  const { b } = r;
  const type = receiverType(node);
  const name = nameOf(node);
  if (type === undefined || name === undefined) return;
  b.pushScope();
  declareTypeParameters(r, node);
  const on = typeOf(r, type);
  b.popScope();
  const receiver = b.variable();
  addDeclaredType(r, type, receiver);
  const value = readFunction(r, node, { receiver });
  for (const count of argumentCounts(node))
    b.add({
      op: 'set',
      on,
      name: keyOf(b.text(name), count),
      from: value,
      isDefinition: true,
      at: b.at,
      line: node.line,
    });
}

interface Role {
  readonly cls?: OpenClass;
  readonly name?: string;
  /** Receiver of an extension. */
  readonly receiver?: Var;
}

export function readFunction(r: KotlinReader, node: PlainNode, { cls, name, receiver }: Role = {}): Var {
  const { b } = r;
  const own = name ?? (nameOf(node) && b.text(nameOf(node) as PlainNode));
  const self = receiver ?? (cls === undefined ? undefined : b.variable());
  const body = partOf(node, 'function_body') ?? partOf(node, 'block');
  const draft: FunctionDraft = {
    path:
      own === undefined || node.type === 'anonymous_function'
        ? b.anonymousPath(node.line, holderPath(r))
        : b.pathOf(own, cls?.path),
    start: node.line,
    end: node.endLine,
    parameters: [],
    result: b.variable(),
    owner: cls?.index ?? -1,
    ...b.accessOf(node),
    ...(self !== undefined && { receiver: self }),
    ...(body === undefined &&
      cls !== undefined &&
      node.type === 'function_declaration' && { signature: true }),
  };
  const outer = cls?.self;
  if (cls && self !== undefined) {
    b.copy(cls.selves, self);
    cls.self = self;
  }
  const index = b.inFunction(draft, () => {
    declareTypeParameters(r, node);
    draft.parameters = readParameters(r, partOf(node, 'function_value_parameters'));
    const declared = node.children
      .slice(node.children.findIndex(({ type }) => type === 'function_value_parameters') + 1)
      .find((part) => isType(part));
    addDeclaredType(r, declared, draft.result);
    const delegation = partOf(node, 'constructor_delegation_call');
    if (delegation && cls) readDelegation(r, cls, delegation);
    const read = () => {
      const [inner] = body?.type === 'function_body' ? operands(body) : [body];
      if (inner?.type === 'block') r.block(inner);
      else if (inner) b.copy(draft.result, r.evaluate(inner));
    };
    if (receiver === undefined) read();
    else withReceiver(r, receiver, read);
  });
  if (cls && outer !== undefined) cls.self = outer;
  return b.functionValue(index);
}

/** Code whose bare names may be members of a value: an extension, the block of `with`. */
export function withReceiver(r: KotlinReader, receiver: Var, read: () => void): void {
  const outer = r.cls;
  const none = new Set<string>();
  r.cls = {
    index: outer?.index ?? -1,
    path: '',
    type: receiver,
    selves: receiver,
    self: receiver,
    fields: none,
    methods: none,
    inherits: true,
    outer,
    at: -1,
    members: [],
    overloads: [],
  };
  read();
  r.cls = outer;
}

function readDelegation(r: KotlinReader, cls: OpenClass, call: PlainNode): void {
  const { b } = r;
  const list = partOf(call, 'value_arguments');
  const args = list === undefined ? [] : readArguments(r, list);
  const isThis = call.children.some(({ type }) => type === 'this');
  let on = cls.self;
  if (!isThis) {
    on = b.variable();
    b.add({ op: 'super', to: on, owner: cls.index, receiver: cls.self });
  }
  b.call(b.get(on, keyOf('<init>', args.length), call), args, call, {
    text: isThis ? 'this' : 'super',
    implicit: 'operator',
  });
}

function readParameters(r: KotlinReader, list: PlainNode | undefined): readonly Parameter[] {
  const { b } = r;
  const found: Parameter[] = [];
  let isRest = false;
  for (const [at, part] of (list?.children ?? []).entries()) {
    if (part.type === 'parameter_modifiers') isRest = /vararg/.test(b.text(part));
    if (part.type !== 'parameter') continue;
    const name = nameOf(part);
    const value = b.variable();
    if (!isRest)
      addDeclaredType(
        r,
        part.children.find((child) => isType(child)),
        value,
      );
    bindLocal(r, name, value);
    const next = list?.children[at + 1];
    if (next && !/^(parameter|parameter_modifiers)$|comment/.test(next.type)) b.copy(value, r.evaluate(next));
    found.push({ name: name ? b.text(name) : '', value, ...(isRest && { rest: 'star' as const }) });
    isRest = false;
  }
  return found;
}

/** `{ x -> … }`; without parameters it has one called `it`. `receiver`: what `this` is inside. */
export function readLambda(r: KotlinReader, node: PlainNode, receiver?: Var): Var {
  const { b } = r;
  const draft: FunctionDraft = b.draftOf(b.anonymousPath(node.line, holderPath(r)), node);
  const index = b.inFunction(draft, () => {
    const list = partOf(node, 'lambda_parameters');
    const parts = list === undefined ? [] : operands(list);
    if (list === undefined) {
      const it = b.variable();
      b.assign(b.declare('it'), it);
      draft.parameters = [{ name: 'it', value: it }];
    } else
      draft.parameters = parts.map((part) => {
        const value = b.variable();
        const names = part.type === 'multi_variable_declaration' ? operands(part) : [part];
        addDeclaredType(
          r,
          part.children.find((child) => isType(child)),
          value,
        );
        if (names.length === 1 && part.type !== 'multi_variable_declaration')
          bindLocal(r, nameOf(part), value);
        else
          for (const [at, one] of names.entries())
            bindLocal(r, nameOf(one), b.getItem(value, b.constant(at), one));
        return { name: '', value };
      });
    const statements = operands(node).filter((part) => part !== list);
    const read = () => {
      for (const [at, part] of statements.entries())
        if (at === statements.length - 1) b.copy(draft.result, r.evaluate(part));
        else r.statement(part);
    };
    if (receiver === undefined) read();
    else withReceiver(r, receiver, read);
  });
  return b.functionValue(index);
}
