/** What becomes of errors that are caught: by the statements of the handler alone. */

import type { CatchOutcome } from '../../model/behaviour.ts';
import { childOf, type PlainNode } from '../references/plain-tree.ts';
import type { BehaviourReader } from './behaviour-reader.ts';
import { effectNamed, isLogLook, ofList } from './name-table.ts';
import { operands } from './scopes.ts';

export function readHandlers(reader: BehaviourReader, node: PlainNode, handlers: ReadonlySet<string>): void {
  for (const handler of node.children) {
    if (!handlers.has(handler.type)) continue;
    const body = reader.language.handlerBody(handler);
    const outcome = body === undefined ? 'swallowed' : outcomeOf(reader, body, node);
    reader.add(handler, {
      kind: 'catch',
      types: reader.language.caughtTypes(handler, reader),
      outcome,
      isTest: false,
    });
  }
}

/** `guarded`: the statement whose errors are caught; a loop around it may try it again. */
export function outcomeOf(reader: BehaviourReader, body: PlainNode, guarded?: PlainNode): CatchOutcome {
  const { language } = reader;
  const statements = statementsOf(reader, body);
  const last = statements.at(-1);
  if (last === undefined) return 'swallowed';
  if (alwaysRaises(reader, last)) return 'rethrown';
  if (statements.some((statement) => endsProcess(reader, statement))) return 'ends';
  if (guarded !== undefined && isRetried(reader, guarded, statements)) return 'retried';
  if (statements.every((statement) => isReport(reader, statement))) return 'logged';
  if (statements.some((statement) => holdsRaise(reader, statement))) return 'may_rethrow';
  if (language.returns.has(inner(last).type)) return 'returned';
  if (language.continues.has(inner(last).type) || language.breaks.has(inner(last).type)) return 'continued';
  return 'handled';
}

/** A throw, or an `if` with an `else` of which every branch ends in one. */
function alwaysRaises(reader: BehaviourReader, statement: PlainNode): boolean {
  const node = inner(statement);
  if (reader.language.raises.has(node.type)) return true;
  if (!/^if_(statement|expression)$/.test(node.type)) return false;
  const branches = node.children.filter(({ field }) => field === 'consequence' || field === 'alternative');
  const last = branches.at(-1);
  if (last === undefined || last.field !== 'alternative' || last.type === 'elif_clause') return false;
  return branches.every((branch) => {
    const body = /_clause$/.test(branch.type)
      ? (childOf(branch, 'body') ?? childOf(branch, 'consequence') ?? operands(branch).at(-1))
      : branch;
    const end = body && statementsOf(reader, body).at(-1);
    return end !== undefined && alwaysRaises(reader, end);
  });
}

function statementsOf(reader: BehaviourReader, body: PlainNode): readonly PlainNode[] {
  const { language } = reader;
  const list = body.children.find((child) => child.type === 'statement_list') ?? body;
  if (list.children.length === 0) return /block|body/.test(list.type) ? [] : [list];
  const all = /block|body|statement_list/.test(list.type) ? list.children : [list];
  return all.filter(
    (child) =>
      !language.comments.has(child.type) && !language.noops.has(child.type) && !isNothing(reader, child),
  );
}

function isNothing(reader: BehaviourReader, statement: PlainNode): boolean {
  if (statement.type !== 'expression_statement') return false;
  const [only] = statement.children;
  return only === undefined || only.type === 'ellipsis' || reader.language.strings.has(only.type);
}

/** The expression of an expression statement. */
function inner(statement: PlainNode): PlainNode {
  let at = statement;
  while (/^(expression_statement|await|await_expression)$/.test(at.type) && operands(at).length > 0)
    at = operands(at).at(-1) as PlainNode;
  return at;
}

/** Of the handler itself, not of functions that it makes. */
function holdsRaise(reader: BehaviourReader, node: PlainNode): boolean {
  if (reader.scopes.has(node)) return false;
  return reader.language.raises.has(node.type) || node.children.some((child) => holdsRaise(reader, child));
}

function callOf(reader: BehaviourReader, statement: PlainNode) {
  const node = inner(statement);
  return node.type in reader.language.calls ? reader.calleeOf(node) : undefined;
}

function endsProcess(reader: BehaviourReader, statement: PlainNode): boolean {
  const name = callOf(reader, statement)?.name;
  return name !== undefined && ofList(reader.language.ends).has(name);
}

function isReport(reader: BehaviourReader, statement: PlainNode): boolean {
  const callee = callOf(reader, statement);
  if (callee === undefined) return false;
  const effect = callee.name === undefined ? undefined : effectNamed(reader.language, callee.name);
  return effect === 'logs' || effect === 'output' || isLogLook(callee.written);
}

function isRetried(reader: BehaviourReader, guarded: PlainNode, statements: readonly PlainNode[]): boolean {
  const { language } = reader;
  if (!insideLoop(reader)) return false;
  const last = statements.at(-1);
  if (last === undefined) return false;
  const type = inner(last).type;
  if (language.returns.has(type) || language.breaks.has(type)) return false;
  const body = childOf(guarded, 'body');
  return (
    body !== undefined &&
    statementsOf(reader, body).some(
      ({ type: ends }) => language.returns.has(ends) || language.breaks.has(ends),
    )
  );
}

/** The nearest statement around that is a loop of the same function, looking through blocks. */
function insideLoop(reader: BehaviourReader): boolean {
  for (let depth = 1; ; depth++) {
    const node = reader.parent(depth);
    if (node === undefined || node === reader.scope.node) return false;
    if (reader.language.loops.has(node.type)) return true;
    if (!/block|body|statement_list/.test(node.type)) return false;
  }
}
