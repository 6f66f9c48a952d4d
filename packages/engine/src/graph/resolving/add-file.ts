/** A file among those that are resolved together: its numbers over all files, and the members of its classes. */
import type { CodeFacts } from '../../model/code-facts.ts';
import type { FilePath } from '../../model/file.ts';
import { profileOf } from '../languages/languages.ts';
import { type FileState, isSetterKey, type State } from './state.ts';

export interface FileFacts {
  readonly path: FilePath;
  readonly facts: CodeFacts;
}

export function addFile(state: State, { path, facts }: FileFacts): void {
  const place = state.flow.reserve(facts.variables);
  const file: FileState = {
    number: state.files.length,
    path,
    facts,
    profile: profileOf(facts.language),
    place,
    firstFunction: state.functions.length,
    firstClass: state.classes.length,
    exports: new Map(facts.exports.map(([name, value]) => [name, place + value])),
  };
  state.files.push(file);
  if (file.profile.typed === 'nominal')
    for (const operation of facts.operations)
      if (operation.op === 'set' && operation.isDefinition) state.extensionNames.add(operation.name);
  if (file.profile.typed === undefined) addSetters(state, facts);
  for (const fn of facts.functions) state.functions.push({ file, facts: fn, index: state.functions.length });
  for (const cls of facts.classes) {
    const index = state.classes.length;
    const value = state.values.of({ kind: 'class', index: state.firstPart(cls.part, index) });
    state.classes.push({ file, facts: cls, index, value });
    for (const [name, member] of cls.members) {
      // A declared field has one place for all instances, kept by its type.
      if (file.profile.typed) state.bindField(value, name, place + member);
      else state.flow.flow(place + member, state.field(value, name));
    }
    for (const [name, member] of cls.statics ?? [])
      state.flow.flow(place + member, state.field(value, `static ${name}`));
  }
}

function addSetters({ setters }: State, { classes, operations }: CodeFacts): void {
  const add = (key: string) => {
    if (isSetterKey(key)) setters.add(key.slice(key.indexOf(' ') + 1));
  };
  for (const { members, statics } of classes) for (const [key] of [...members, ...(statics ?? [])]) add(key);
  for (const operation of operations) if (operation.op === 'set') add(operation.name);
}
