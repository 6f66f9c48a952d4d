/** What reading a member of a function gives: what calls it, fields it was given, and itself where it stands for an object. */
import { combining, functionMethods } from '../languages/known-methods.ts';
import type { Access } from './access.ts';
import type { Place } from './flow.ts';
import { bareName } from './foreign-names.ts';
import type { State, Where } from './state.ts';
import type { Value } from './values.ts';

/** Methods of a block that call it. */
const callsBlock = /^(call|yield|===|curry|to_proc|>>|<<|__invoke)\(\)$/;

interface Read {
  readonly value: Value;
  readonly name: string;
  readonly to: Place;
  readonly where: Where;
}

export function getFromFunction(state: State, access: Access, { value, name, to, where }: Read): void {
  const { flow, values } = state;
  // Where a function stands for an interface of one method, any method calls it but those that combine functions.
  if (where.file.profile.typed === 'nominal') {
    const { invokers } = where.file.profile;
    if (invokers?.has(bareName(name)) ?? !combining.has(bareName(name))) flow.add(to, value);
    return;
  }
  if (where.file.profile.keysAreNames) {
    if (functionMethods.has(name)) flow.add(to, values.of({ kind: 'functionMethod', fn: value, name }));
    if (name === 'prototype') flow.add(to, values.of({ kind: 'instance', of: value }));
    access.bindAll(state.field(value, name), value, to, where);
    return;
  }
  if (name === '__call__' || name === '__wrapped__' || name === '__func__') flow.add(to, value);
  if (where.file.profile.typed === 'gradual') {
    if (callsBlock.test(name)) flow.add(to, value);
    return;
  }
  flow.flow(state.field(value, name), to);
}
