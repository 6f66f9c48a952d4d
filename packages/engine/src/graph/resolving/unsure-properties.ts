/**
 * Which reads of properties are only possible. Each property that a read may run has a site of its own, so that one alone looks like all
 * there is: where what is read from may also be of a class that has something else under the name, none of them is sure. Neither is a property that
 * came in as a value of a class that does not inherit it.
 */
import type { Members } from './members.ts';
import type { CallSite, FileState, State } from './state.ts';

/** So many values say that everything flows through. */
const maxReceivers = 64;

/** For languages whose values have no declared types: others say themselves what a read may be. */
export function doubtProperties(state: State, members: Members): void {
  const sites = propertySites(state);
  if (sites.size === 0) return;
  for (const file of state.files) {
    if (file.profile.typed !== undefined) continue;
    for (const operation of file.facts.operations) {
      if (operation.op !== 'get') continue;
      const read = sites
        .get(file.firstFunction + operation.at)
        ?.filter(({ line, text }) => line === operation.line && isNamed(text, operation.name));
      if (read !== undefined && read.length > 0) doubt(state, members, file, operation.from, read);
    }
  }
}

const isNamed = (path: string, name: string) => path === name || path.endsWith(`.${name}`);

/** Sites that the source does not write as calls, by the function they stand in. */
function propertySites({ sites }: State): ReadonlyMap<number, readonly CallSite[]> {
  const found = new Map<number, CallSite[]>();
  for (const site of sites) {
    if (site.callee !== undefined || site.targets.size === 0) continue;
    const known = found.get(site.from);
    if (known === undefined) found.set(site.from, [site]);
    else known.push(site);
  }
  return found;
}

function doubt(
  state: State,
  members: Members,
  file: FileState,
  from: number,
  sites: readonly CallSite[],
): void {
  const classes = new Set<number>();
  for (const value of state.flow.valuesAt(file.place + from)) {
    const data = state.data(value);
    if (data.kind === 'instance') classes.add(data.of);
    if (classes.size > maxReceivers && sites.length > 1) {
      for (const site of sites) site.isGuess = true;
      return;
    }
    if (classes.size > maxReceivers) break;
  }
  if (classes.size === 0) return;
  const owners = sites.map((site) => ownersOf(state, site));
  const taken = [...classes].map((of) => {
    // The nearest class that has it decides.
    const nearest = members.order(of).find((cls) => owners.some((list) => list.includes(cls)));
    return owners.map((list) => nearest !== undefined && list.includes(nearest));
  });
  sites.forEach((site, i) => {
    // What none of them inherits came in as a value.
    if ((owners[i] as readonly number[]).length > 0 && !taken.every((takes) => takes[i])) site.isGuess = true;
  });
}

/** Classes whose own the property is. */
function ownersOf(state: State, { targets }: CallSite): readonly number[] {
  return [...targets].flatMap((target) => {
    const fn = typeof target === 'number' ? state.functions[target] : undefined;
    return fn === undefined || fn.facts.owner < 0
      ? []
      : [state.classValue(fn.file.firstClass + fn.facts.owner)];
  });
}
