/** Which operations wait until names, imports and bases are known. */
import type { Operation } from '../../model/code-facts.ts';
import type { FileState } from './state.ts';

/** Whether any operation of the file waits. */
export function readsLater({ profile }: FileState): boolean {
  return profile.isLinked !== undefined || profile.typed === 'traits';
}

/** Reads inside functions, in languages that add members outside the body of a class. */
export function isInBody(file: FileState, operation: Operation): boolean {
  if (file.profile.isLinked !== undefined)
    return operation.op === 'get' || (operation.op === 'free' && !/^type\^? /.test(operation.name));
  return operation.op === 'get' && operation.at > 0 && file.profile.typed === 'traits';
}
