/** Facts of one file as the store keeps them, beside the outline of the same bytes. */
import type { CodeFacts } from './code-facts.ts';
import { packPlain } from './plain-packing.ts';
import { unpackPlain } from './plain-unpacking.ts';

/** Words of facts: those that every file has need not be written into each. Append only, or raise the fingerprint. */
const KNOWN =
  `op to from at line name value callee args text index key on type implicit isNew isOnly start end path parameters result
receiver owner signature isStatic yields rest keywordOnly bases baseLines members statics isInterface isCallable language variables functions classes
operations exports stars starLines mentions module errorCount spread star keywords copy get set call import free constant builtin function class
instance getItem setItem slice each container super typescript tsx javascript python decorator operator raise any string number array object dict list
tuple self this constructor default length push map undefined null boolean`.split(/\s+/);

export function packFacts(facts: CodeFacts): Uint8Array {
  return packPlain(facts, KNOWN);
}

/** The bytes must be whole: the store has checked them. */
export function unpackFacts(bytes: Uint8Array): CodeFacts {
  return unpackPlain(bytes, KNOWN) as CodeFacts;
}
