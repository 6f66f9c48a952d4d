/**
 * Calls of methods by names that nothing in the workspace has: what is called is not here. Where classes are closed, whatever they are called
 * on; elsewhere only where all that is known of it comes from outside, be it too much to name. There a name counts as had when a function,
 * class, member, export, keyword or text constant is it, because any of these can make it an attribute; unless so many things of the outside
 * are all that the method is called on.
 */
import type { Var } from '../../model/code-facts.ts';
import type { CallSite, FileState, State } from './state.ts';

interface Had {
  /** Names that classes have: all there is where classes are closed. */
  readonly members: ReadonlySet<string>;
  /** Names that anything may have as an attribute. */
  readonly attributes: ReadonlySet<string>;
}

const methodCalled = /(?:->|::|\.|&:)\s*(\w+[?!=]?)$/;
const memberCalled = /\.\s*([\w$]+)$/;
const known = new WeakMap<State, Had>();

export function isElsewhere(site: CallSite, state: State): boolean {
  const { profile } = site.file;
  if (profile.typed !== undefined && profile.typed !== 'gradual') return false;
  const name = (profile.typed === 'gradual' ? methodCalled : memberCalled).exec(site.text)?.[1];
  if (name === undefined) return false;
  let had = known.get(state);
  if (had === undefined) {
    had = namesOf(state);
    known.set(state, had);
  }
  if (profile.typed === 'gradual') return !had.members.has(name);
  return site.targets.size > 0 && (!had.attributes.has(name) || isOutside(site, state));
}

/** So many names that none is told; all of them of the outside, and so is all that the method is called on. */
function isOutside({ file, callee, targets }: CallSite, state: State): boolean {
  for (const target of targets) if (typeof target === 'number' || target.includes('()')) return false;
  const receiver = callee === undefined ? undefined : receiversOf(file).get(callee - file.place);
  return (
    receiver !== undefined &&
    state.flow.valuesAt(file.place + receiver).every((value) => {
      const data = state.data(value);
      return outside.has(data.kind) || (data.kind === 'container' && data.type !== 'object');
    })
  );
}

const outside = new Set(['external', 'builtin', 'builtinValue', 'constant']);
const receivers = new WeakMap<FileState, ReadonlyMap<Var, Var>>();

/** By what reading a member gives: what it is read from. */
function receiversOf(file: FileState): ReadonlyMap<Var, Var> {
  let found = receivers.get(file);
  if (found === undefined) {
    found = new Map(
      file.facts.operations.flatMap((one) => (one.op === 'get' ? [[one.to, one.from] as const] : [])),
    );
    receivers.set(file, found);
  }
  return found;
}

function namesOf(state: State): Had {
  const members = new Set<string>();
  const attributes = new Set<string>();
  for (const { facts } of state.classes)
    for (const [key] of [...facts.members, ...(facts.statics ?? [])]) {
      const name = key.replace(/^static |\(.*\)$/g, '');
      // What `attr_writer` makes has no code that could be called.
      if (!name.endsWith('=') || state.isDefined(name)) members.add(name);
    }
  for (const name of members) attributes.add(name);
  for (const { facts } of state.functions) attributes.add(facts.path.slice(facts.path.lastIndexOf('.') + 1));
  for (const { facts } of state.files) {
    for (const [name] of facts.exports) attributes.add(name);
    for (const one of facts.operations) {
      if (one.op === 'set') attributes.add(one.name);
      else if (one.op === 'constant' && typeof one.value === 'string') attributes.add(one.value);
      else if (one.op === 'call')
        for (const { name } of one.args) if (name !== undefined) attributes.add(name);
    }
  }
  return { members, attributes };
}
