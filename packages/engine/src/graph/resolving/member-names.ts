/** Names of members as languages tell them apart, and which types have which. */
import type { Where } from './state.ts';
import type { ValueData } from './values.ts';

/** Of a type that the workspace does not define. */
export function isOutside({ kind }: ValueData): boolean {
  return /^(external|builtin|builtinValue|constant|container|function|bound)$/.test(kind);
}

/** Types of which the methods are not listed may have any. */
export function hasMethod({ file }: Where, type: string, name: string): boolean {
  return file.profile.methods.get(type)?.has(name) ?? true;
}
