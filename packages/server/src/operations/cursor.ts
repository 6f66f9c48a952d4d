/**
 * Cursors: opaque text that continues a list. Holds the offset, the index generation it was made at, and a digest over
 * both and the arguments, so that a cursor of another query (or an invented one) is refused instead of giving a wrong
 * page. Nothing in it is secret, nothing is stored. Knows no operation.
 */
import { createHash } from 'node:crypto';
import { invalidArgument } from '../errors.ts';
import type { WorkspaceProvider } from './operation.ts';

export interface CursorPosition {
  readonly offset: number;
  readonly generation: number;
}

/** Arguments that may differ between the pages of one list. */
const FREE = new Set(['cursor', 'limit', 'max_tokens', 'detail', 'explain']);

/** What a cursor belongs to: the operation and, where there are several, the repository. */
export function cursorScope(operation: string, { name }: WorkspaceProvider): string {
  return name === undefined ? operation : `${operation}@${name}`;
}

export function writeCursor(scope: string, args: object, position: CursorPosition): string {
  const { offset, generation } = position;
  return `${offset.toString(36)}.${generation.toString(36)}.${digest(scope, args, position)}`;
}

/** @throws UserError invalid_argument */
export function readCursor(scope: string, args: object, cursor: string): CursorPosition {
  const match = /^([0-9a-z]{1,8})\.([0-9a-z]{1,11})\.([\w-]{16})$/.exec(cursor);
  if (match !== null) {
    const position = {
      offset: Number.parseInt(match[1] ?? '', 36),
      generation: Number.parseInt(match[2] ?? '', 36),
    };
    if (digest(scope, args, position) === match[3]) return position;
  }
  throw invalidArgument(
    'The cursor does not belong to this call: it was cut or changed, or the query or its filters differ from the call that gave it',
    'Repeat the call with exactly the same query and filters, or leave the cursor out to start again.',
  );
}

function digest(scope: string, args: object, { offset, generation }: CursorPosition): string {
  const fixed = Object.entries(args)
    .filter(([name, value]) => !FREE.has(name) && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([scope, fixed, offset, generation]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
