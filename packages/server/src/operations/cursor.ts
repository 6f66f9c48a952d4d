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

/** Of a list made of several: where each goes on. */
export interface JointPosition {
  readonly offsets: readonly number[];
  /** Sum of all. */
  readonly generation: number;
}

/** Arguments that may differ between the pages of one list. */
const FREE = new Set(['cursor', 'limit', 'max_tokens', 'detail', 'explain']);

/** What a cursor belongs to: the operation and, where there are several, the repository. */
export function cursorScope(operation: string, { name }: WorkspaceProvider): string {
  return name === undefined ? operation : `${operation}@${name}`;
}

export function writeCursor(scope: string, args: object, { offset, generation }: CursorPosition): string {
  return writeJointCursor(scope, args, { offsets: [offset], generation });
}

/** At most `LIMITS.repositories` offsets, so that it keeps `LIMITS.cursorChars`. */
export function writeJointCursor(scope: string, args: object, position: JointPosition): string {
  const { offsets, generation } = position;
  const places = offsets.map((offset) => offset.toString(36)).join('-');
  return `${places}.${generation.toString(36)}.${digest(scope, args, position)}`;
}

/** @throws UserError invalid_argument */
export function readCursor(scope: string, args: object, cursor: string): CursorPosition {
  const { offsets, generation } = readJointCursor(scope, args, cursor, 1);
  return { offset: offsets[0] ?? 0, generation };
}

/** @throws UserError invalid_argument */
export function readJointCursor(scope: string, args: object, cursor: string, count: number): JointPosition {
  const match = /^([0-9a-z]{1,8}(?:-[0-9a-z]{1,8})*)\.([0-9a-z]{1,11})\.([\w-]{16})$/.exec(cursor);
  if (match !== null) {
    const [, places = '', generation = '', proof] = match;
    const position = {
      offsets: places.split('-').map((place) => Number.parseInt(place, 36)),
      generation: Number.parseInt(generation, 36),
    };
    if (position.offsets.length === count && digest(scope, args, position) === proof) return position;
  }
  throw invalidArgument(
    'The cursor does not belong to this call: it was cut or changed, or the query or its filters differ from the call that gave it',
    'Repeat the call with exactly the same query and filters, or leave the cursor out to start again.',
  );
}

function digest(scope: string, args: object, { offsets, generation }: JointPosition): string {
  const fixed = Object.entries(args)
    .filter(([name, value]) => !FREE.has(name) && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([scope, fixed, offsets, generation]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
