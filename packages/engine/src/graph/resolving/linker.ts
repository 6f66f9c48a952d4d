/**
 * Names of C and C++, found among the definitions of all files as a linker does: from the namespaces around outward, then those in use;
 * functions by their number of arguments. Of several programs in one workspace the definition nearest to the caller counts.
 * Keys are `KIND:full::name`: T type, F function with `(n)` or `(*)`, R function as a value, V variable, E one that is declared only,
 * M macro, N namespace, D a function that is declared only; `static ` before it where only its own file sees it.
 */
import type { Access } from './access.ts';
import type { Place } from './flow.ts';
import type { Members } from './members.ts';
import type { FileState, State, Where } from './state.ts';

interface Definition {
  readonly file: FileState;
  readonly place: Place;
}

interface Wanted {
  readonly kind: 'type' | 'value' | 'method' | 'call';
  readonly count: string;
  readonly hasReceiver: boolean;
  readonly name: string;
}

const header = /\.(h|hh|hpp|hxx|h\+\+|inl|ipp|tpp|txx|inc|cuh)$/;
const encoded = /^(type|value|method|call)(\d*)(\^?) (\S*) (.+)$/s;

export class Linker {
  readonly #state: State;
  readonly #members: Members;
  readonly #access: Access;
  readonly #definitions = new Map<string, Definition[]>();
  /** Last parts of the names of namespaces and types: what a qualified name may begin with. */
  readonly #spaces = new Set<string>();
  /** Last parts of all names that some file defines. */
  readonly #names = new Set<string>();
  readonly #wheres = new Map<number, Where>();

  constructor(state: State, members: Members, access: Access) {
    this.#state = state;
    this.#members = members;
    this.#access = access;
    for (const file of state.files) {
      if (file.profile.isLinked === undefined) continue;
      for (const [key, value] of file.facts.exports) {
        // What a header keeps to itself, each file that includes it has.
        const bare = key.replace(/^static /, '');
        const full = bare === key || header.test(file.path) ? bare : `${file.number} ${bare}`;
        const known = this.#definitions.get(full);
        const definition = { file, place: file.place + value };
        if (known === undefined) this.#definitions.set(full, [definition]);
        else known.push(definition);
        const last = lastOf(bare.slice(2).replace(/\(.*\)$/, ''));
        if (/^[NT]:/.test(bare)) this.#spaces.add(last).add(firstOf(bare.slice(2)));
        if (!bare.startsWith('D:')) this.#names.add(last);
      }
      for (const { members } of file.facts.classes)
        for (const [name] of members) this.#names.add(name.replace(/^(&|static )|\(.*\)$/g, ''));
    }
  }

  bind(file: FileState, text: string, to: Place): void {
    const [, kind, count = '', receiver, spaces = '', given = ''] = encoded.exec(text) ?? [];
    if (kind === undefined) return;
    const isGlobal = given.startsWith('::');
    const name = isGlobal ? given.slice(2) : given;
    if (file.profile.isLinked === 'full') {
      this.#bindPlain(
        file,
        { kind: kind as Wanted['kind'], count, hasReceiver: false, name },
        isGlobal ? '' : spaces,
        to,
      );
      return;
    }
    const wanted: Wanted = { kind: kind as Wanted['kind'], count, hasReceiver: receiver === '^', name };
    for (const prefix of isGlobal ? [''] : prefixesOf(spaces))
      if (this.#bindIn(file, prefix, wanted, to)) return;
    this.#bindOutside(file, wanted, to);
  }

  /** Where a name says all: a class in full, a function of this namespace or of none; letters of any case. */
  #bindPlain(file: FileState, { kind, name }: Wanted, space: string, to: Place): void {
    const { flow, values } = this.#state;
    const key = kind === 'type' ? 'T:' : 'R:';
    const small = name.toLowerCase();
    for (const full of space === '' || kind === 'type'
      ? [small]
      : [`${space}::${small}`.toLowerCase(), small]) {
      const found = this.#find(file, key + full);
      for (const { place } of found) flow.flow(place, to);
      if (found.length > 0) return;
    }
    if (name.includes('::') && this.#spaces.has(firstOf(small))) return;
    const isBuiltin = kind !== 'type' && !name.includes('::') && file.profile.builtins.has(name);
    flow.add(to, values.of({ kind: isBuiltin ? 'builtin' : 'external', name: name.replaceAll('::', '.') }));
  }

  #bindIn(file: FileState, prefix: string, wanted: Wanted, to: Place): boolean {
    const { flow } = this.#state;
    const full = prefix === '' ? wanted.name : `${prefix}::${wanted.name}`;
    if (prefix !== '' && !wanted.name.includes('::') && this.#isMember(file, prefix, wanted, to)) return true;
    for (const key of keysOf(wanted, full)) {
      const found = this.#find(file, key);
      for (const { place } of found) {
        flow.flow(place, to);
        // What is assigned to a variable of another file, that file sees.
        if (wanted.kind === 'value' && /^[VE]:/.test(key)) flow.flow(to, place);
      }
      if (found.length > 0) return true;
    }
    return wanted.name.includes('::') && this.#bindMember(file, full, wanted, to);
  }

  /** The class around has the name: what is outside it is not meant. */
  #isMember(file: FileState, prefix: string, wanted: Wanted, to: Place): boolean {
    if (wanted.kind === 'type' || wanted.kind === 'method') return false;
    for (const { place } of this.#find(file, `T:${prefix}`)) {
      for (const cls of this.#state.flow.valuesAt(place)) {
        const name = namesOf(wanted, wanted.name).find((key) => this.#members.has(cls, key));
        if (this.#state.data(cls).kind !== 'class' || name === undefined) continue;
        if (!wanted.hasReceiver) this.#access.get(cls, name, to, this.#at(file));
        return true;
      }
    }
    return false;
  }

  /** `Foo::bar`. */
  #bindMember(file: FileState, full: string, wanted: Wanted, to: Place): boolean {
    const head = full.slice(0, full.lastIndexOf('::'));
    const classes = this.#find(file, `T:${head}`);
    for (const { place } of classes)
      this.#state.flow.on(place, (cls) => {
        for (const name of namesOf(wanted, lastOf(full))) this.#access.get(cls, name, to, this.#at(file));
      });
    return classes.length > 0;
  }

  #find(file: FileState, key: string): readonly Definition[] {
    const own = this.#definitions.get(`${file.number} ${key}`);
    if (own !== undefined) return own;
    const all = this.#definitions.get(key) ?? [];
    if (all.length < 2) return all;
    const here = all.filter((definition) => definition.file === file);
    if (here.length > 0) return here;
    const near = all.map((definition) => commonFolders(definition.file.path, file.path));
    const nearest = Math.max(...near);
    return all.filter((_, index) => near[index] === nearest);
  }

  #at(file: FileState): Where {
    let where = this.#wheres.get(file.number);
    if (where === undefined) {
      where = this.#state.newWhere(file, 0, 1);
      this.#wheres.set(file.number, where);
    }
    return where;
  }

  #bindOutside(file: FileState, { kind, name }: Wanted, to: Place): void {
    const { flow, values } = this.#state;
    const first = name.split('::')[0] as string;
    const isOutside = first === 'std' || !this.#spaces.has(first);
    const { builtins, hasStatics } = file.profile;
    const shown = name.replaceAll('::', '.');
    if (hasStatics && kind !== 'call') {
      // A constant that no file defines.
      if (isOutside || first === name)
        flow.add(to, values.of({ kind: builtins.has(first) ? 'builtin' : 'external', name: shown }));
    } else if (!name.includes('::') && kind !== 'type' && builtins.has(name))
      flow.add(to, values.of({ kind: 'builtin', name }));
    // What is called and no file defines, in any scope, is linked from outside.
    else if ((name.includes('::') && isOutside) || (kind === 'call' && !this.#names.has(lastOf(name))))
      flow.add(to, values.of({ kind: 'external', name: shown }));
  }
}

function keysOf({ kind, count, name }: Wanted, full: string): string[] {
  switch (kind) {
    case 'type':
      return [`T:${full}`];
    case 'call':
      return [`F:${full}(${count})`, `F:${full}(*)`, `V:${full}`, `E:${full}`, `M:${name}`, `T:${full}`];
    case 'value':
      return [`V:${full}`, `E:${full}`, `R:${full}`, `M:${name}`, `T:${full}`];
    case 'method':
      return [];
  }
}

/** Names under which a class has it. */
function namesOf({ kind, count }: Wanted, name: string): string[] {
  if (kind === 'call') return [`${name}(${count})`, `${name}(*)`, name];
  return kind === 'method' ? [`&${name}`] : [name, `&${name}`];
}

/** `a::b,std`: a::b, a, the outermost, and `std` in each of them. */
function prefixesOf(spaces: string): string[] {
  const [space = '', ...usings] = spaces.split(',');
  const around: string[] = [];
  for (let at = space; at !== ''; at = at.includes('::') ? at.slice(0, at.lastIndexOf('::')) : '')
    around.push(at);
  around.push('');
  const used = usings.flatMap((using) =>
    around.map((outer) => (outer === '' ? using : `${outer}::${using}`)),
  );
  return [...around, ...used];
}

function lastOf(name: string): string {
  return name.includes('::') ? name.slice(name.lastIndexOf('::') + 2) : name;
}

function firstOf(name: string): string {
  return name.split('::', 1)[0] as string;
}

function commonFolders(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  let same = 0;
  while (same < Math.min(left.length, right.length) - 1 && left[same] === right[same]) same += 1;
  return same;
}
