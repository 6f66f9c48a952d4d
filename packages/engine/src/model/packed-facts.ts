/** Facts of one file as the store keeps them, beside the outline of the same bytes. */
import type { CodeFacts } from './code-facts.ts';
import { known } from './plain-columns.ts';
import { plainPacker } from './plain-packing.ts';
import { unpackPlain } from './plain-unpacking.ts';

/** Words and shapes that most files have need not be written into each. Append only, or raise the version of facts. */
const KNOWN = known(
  `op to from at line name value callee args text index key on type implicit isNew isOnly start end path parameters result
receiver owner signature isStatic yields rest keywordOnly bases baseLines members statics isInterface isCallable language variables functions classes
operations exports stars starLines mentions module errorCount spread star keywords copy get set call import free constant builtin function class
instance getItem setItem slice each container super typescript tsx javascript python decorator operator raise any string number array object dict list
tuple self this constructor default length push map undefined null boolean`,
  `language$ exports* errorCount# variables# operations* functions* classes* stars* starLines* mentions* namespace$
language$ exports* errorCount# variables# operations* functions* classes* stars* starLines* mentions*
op$ to# from#
op$ to# from# name$ at# line#
op$ to# index#
op$ to# type#
op$ to# type# isOnly!
op$ to# type# isMade!
op$ to# type$
op$ to# name$
op$ to# value#
op$ to# value$
op$ to# callee# args* at# line# text$
op$ to# callee# args* at# line# text$ isNew!
op$ to# callee# args* at# line# text$ implicit$
op$ to# callee# args* at# line# text$ isNew! implicit$
op$ to# from$ name$ line#
op$ to# from$ name$
op$ to# from$ line#
op$ on# name$ from# at# line#
op$ on# name$ from# isDefinition! at# line#
op$ on# from# at# line#
op$ on# key# from# at# line#
op$ to# from# key# at# line#
op$ to# from# at# line#
op$ to# from# start#
op$ to# owner# receiver#
op$ to# owner# receiver# isOwn!
value# at# line#
value#
value# name$
value# spread$
name$ value#
name$ value# rest$
name$ value# rest$ keywordOnly!
name$ value# keywordOnly!
path$ start# end# parameters* result# owner#
path$ start# end# parameters* result# owner# receiver#
path$ start# end# parameters* result# owner# receiver# signature!
path$ start# end# parameters* result# owner# isStatic!
path$ start# end# parameters* result# owner# signature!
path$ start# end# parameters* result# owner# yields#
path$ start# end# bases* baseLines* members*
path$ start# end# bases= baseLines= members*
path$ start# end# bases* members*
path$ start# end# bases= members*
path$ start# end# bases* baseLines* members* isInterface!
path$ start# end# bases= baseLines= members* isInterface!
path$ start# end# bases* members* isInterface! isCallable?`,
);

const pack = plainPacker(KNOWN);

export function packFacts(facts: CodeFacts): Uint8Array {
  return pack(facts);
}

/** The bytes must be whole: the store has checked them. */
export function unpackFacts(bytes: Uint8Array): CodeFacts {
  return unpackPlain(bytes, KNOWN) as CodeFacts;
}
