/** What resolving works on: files with their numbers over all files, places of fields, and the sites of calls. */
import type {
  ClassFacts,
  CodeFacts,
  FunctionFacts,
  ImplicitCall,
  Operation,
} from '../../model/code-facts.ts';
import type { FilePath } from '../../model/file.ts';
import type { Profile } from '../languages/profile.ts';
import { Flow, type Place } from './flow.ts';
import { type Value, type ValueData, Values } from './values.ts';

export interface FileState {
  readonly number: number;
  readonly path: FilePath;
  readonly facts: CodeFacts;
  readonly profile: Profile;
  /** Place of its first variable, number of its first function and class. */
  readonly place: Place;
  readonly firstFunction: number;
  readonly firstClass: number;
  readonly exports: ReadonlyMap<string, Place>;
}

export interface FunctionState {
  readonly file: FileState;
  readonly facts: FunctionFacts;
  readonly index: number;
}

export interface ClassState {
  readonly file: FileState;
  readonly facts: ClassFacts;
  readonly index: number;
  readonly value: Value;
}

/** What a type says of functions: places of what they are given and give. */
export interface FunctionType {
  readonly parameters: readonly Place[];
  readonly result: Place;
}

/** Where a read stands: what a property calls there is called from there. */
export interface Where {
  readonly file: FileState;
  readonly at: number;
  readonly line: number;
  /** See `State.where`. */
  readonly number: number;
}

/** One place in the source that calls something. */
export interface CallSite {
  /** In `State.sites`. */
  readonly number: number;
  readonly file: FileState;
  /** The calling function, by its number over all files. */
  readonly from: number;
  readonly line: number;
  readonly text: string;
  readonly implicit: ImplicitCall | undefined;
  /** Place of the callee; undefined for what a property or a loop calls. */
  readonly callee: Place | undefined;
  /** Functions by number; built-ins and externals by name. */
  readonly targets: Set<number | string>;
  /** Classes that it makes instances of, by number. */
  classes?: Set<number>;
  /** Something is known of the callee, also where it is no function: a class without a constructor. */
  isKnown: boolean;
  /** A target was found by declared types or names alone. */
  isGuess?: boolean;
  /** More may be called than was followed. */
  isCut?: boolean;
  /** See `State.outside`. */
  where?: Where;
  /** What the source says; undefined for what it does not write as a call. */
  readonly call?: Operation & { readonly op: 'call' };
}

export class State {
  readonly flow: Flow;
  readonly values = new Values();
  /** Stands for values that a place does not take any more. */
  readonly many: Value;
  readonly files: FileState[] = [];
  readonly functions: FunctionState[] = [];
  readonly classes: ClassState[] = [];
  readonly functionTypes: FunctionType[] = [];
  readonly sites: CallSite[] = [];
  readonly #wheres: Where[] = [];
  readonly #implicitSites = new Map<string, CallSite>();
  readonly #fields = new Map<Value, Map<string, Place>>();
  readonly #shared = new Set<Place>();
  readonly #every = new Map<Value, Place>();
  readonly #everyValue = new Map<Value, Place>();
  readonly #fieldListeners = new Map<Value, ((name: string, place: Place) => void)[]>();
  /** Called when a class or function gets a field it did not have. */
  onNewField: (owner: Value, name: string) => void = () => {};

  /** What types say that calls give, until it is clear what is called; undefined from then on. */
  promises: { readonly site: CallSite; readonly result: Place; readonly to: Place }[] | undefined = [];
  /** Classes of which a value is known by a declared type alone, or by being the class around: it may be of any class below. */
  readonly promised = new Set<Value>();
  /** Classes that somebody makes instances of. */
  readonly made = new Set<Value>();
  /** Calls of methods that a class below has too, on what is promised to be of a class. */
  readonly unsure: { readonly site: CallSite; readonly of: Value }[] = [];
  /** Names of properties that run code when they are assigned, in code without declared types. */
  readonly setters = new Set<string>();
  /** Methods that stand outside their class, and those of them that are of types outside the workspace: `fun String.f()`. */
  readonly extensionNames = new Set<string>();
  readonly #extensions = new Map<string, Place>();
  #names: ReadonlySet<string> | undefined;
  /** Classes that are written in parts, by their names: number of the first part. */
  readonly #parts = new Map<string, number>();

  constructor(maxSteps: number) {
    this.many = this.values.of({ kind: 'many' });
    this.flow = new Flow(maxSteps, (value) => kindOf(this.data(value).kind), this.many);
  }

  /** Number of the class that stands for all its parts. */
  firstPart(name: string | undefined, index: number): number {
    if (name === undefined) return index;
    const first = this.#parts.get(name) ?? index;
    this.#parts.set(name, first);
    return first;
  }

  /** The class with this number, as a value. */
  classValue(index: number): Value {
    return (this.classes[index] as ClassState).value;
  }

  /** Whether the member stands in the class itself, or in its first part. */
  declares(cls: Value, name: string): boolean {
    const data = this.data(cls);
    const facts = data.kind === 'class' ? this.classes[data.index]?.facts : undefined;
    return facts?.members.some(([own]) => own === name) === true;
  }

  /** A new type of functions, as a value. */
  functionType({ place }: FileState, { parameters, result }: Operation & { op: 'functionType' }): Value {
    const type = { parameters: parameters.map((variable) => place + variable), result: place + result };
    return this.values.of({ kind: 'functionType', index: this.functionTypes.push(type) - 1 });
  }

  /** Whether any function of the workspace has the name. */
  isDefined(name: string): boolean {
    this.#names ??= new Set(
      this.functions.map(({ facts }) => facts.path.slice(facts.path.lastIndexOf('.') + 1)),
    );
    return this.#names.has(name);
  }

  newWhere(file: FileState, at: number, line: number): Where {
    const where = { file, at, line, number: this.#wheres.length };
    this.#wheres.push(where);
    return where;
  }

  /** By its number. */
  where(number: number): Where {
    return this.#wheres[number] as Where;
  }

  /** Where what foreign code does for a site stands. */
  outside(site: CallSite): Where {
    site.where ??= this.newWhere(site.file, 0, site.line);
    return site.where;
  }

  data(value: Value): ValueData {
    return this.values.data(value);
  }

  /** Makes a place the field, or adds what is in it: overloads share a name. */
  bindField(owner: Value, name: string, place: Place): void {
    let fields = this.#fields.get(owner);
    if (fields === undefined) {
      fields = new Map();
      this.#fields.set(owner, fields);
    }
    const known = fields.get(name);
    if (known === undefined) fields.set(name, place);
    else if (this.#shared.has(known) || !name.endsWith(')')) this.flow.flow(place, known);
    else {
      // The place of a method is also that of its own name and number of arguments: others are no part of that.
      const shared = this.flow.place();
      this.#shared.add(shared);
      for (const one of [known, place]) this.flow.flow(one, shared);
      fields.set(name, shared);
    }
  }

  existingField(owner: Value, name: string): Place | undefined {
    return this.#fields.get(owner)?.get(name);
  }

  extension(name: string): Place {
    let place = this.#extensions.get(name);
    if (place === undefined) {
      place = this.flow.place();
      this.#extensions.set(name, place);
    }
    return place;
  }

  fieldNames(owner: Value): readonly string[] {
    return [...(this.#fields.get(owner)?.keys() ?? [])];
  }

  /** The fields that the value has now. */
  fieldsOf(owner: Value): Iterable<Place> {
    return this.#fields.get(owner)?.values() ?? [];
  }

  /** Calls back for each field the value has, now and later. */
  onField(owner: Value, listener: (name: string, place: Place) => void): void {
    const listeners = this.#fieldListeners.get(owner);
    if (listeners === undefined) this.#fieldListeners.set(owner, [listener]);
    else listeners.push(listener);
    for (const [name, place] of [...(this.#fields.get(owner) ?? [])]) listener(name, place);
  }

  field(owner: Value, name: string): Place {
    let fields = this.#fields.get(owner);
    if (fields === undefined) {
      fields = new Map();
      this.#fields.set(owner, fields);
    }
    const known = fields.get(name);
    if (known !== undefined) return known;
    // Literals with thousands of keys are tables; their elements are told apart no longer.
    if (fields.size >= maxFields && name !== anyKey && name.startsWith('[')) return this.field(owner, anyKey);
    const place = this.flow.place();
    fields.set(name, place);
    const every = this.#every.get(owner);
    if (every !== undefined && this.#isElement(owner, name)) this.flow.flow(place, every);
    this.onNewField(owner, name);
    for (const listener of this.#fieldListeners.get(owner) ?? []) listener(name, place);
    return place;
  }

  /** Place of all elements of a container, whatever their key. A getter is none: it is called where it is read, and goes nowhere itself. */
  every(owner: Value): Place {
    let values = this.#everyValue.get(owner);
    if (values === undefined) {
      values = this.flow.place();
      this.#everyValue.set(owner, values);
      this.flow.filter(values, (value) => this.data(value).kind !== 'property');
      this.flow.flow(this.everyMember(owner), values);
    }
    return values;
  }

  /** The same with the getters: for who binds what he finds. */
  everyMember(owner: Value): Place {
    let every = this.#every.get(owner);
    if (every === undefined) {
      every = this.flow.place();
      this.#every.set(owner, every);
      for (const [name, place] of this.#fields.get(owner) ?? [])
        if (this.#isElement(owner, name)) this.flow.flow(place, every);
    }
    return every;
  }

  #isElement(owner: Value, name: string): boolean {
    if (name.startsWith('[')) return true;
    if (isSetterKey(name)) return false;
    const data = this.data(owner);
    return data.kind === 'container' && data.type === 'object';
  }

  /** The site of a call that the source does not write as one. */
  implicitSite(file: FileState, at: number, line: number, text: string): CallSite {
    const key = `${file.number} ${at} ${line} ${text}`;
    let site = this.#implicitSites.get(key);
    if (site === undefined) {
      const from = file.firstFunction + at;
      site = {
        number: this.sites.length,
        file,
        from,
        line,
        text,
        implicit: 'operator',
        callee: undefined,
        targets: new Set(),
        isKnown: true,
      };
      this.#implicitSites.set(key, site);
      this.sites.push(site);
    }
    return site;
  }
}

/** From 1 to 4 what matters while it is few: constants as keys, what is outside the workspace, literals. 0: functions above all. */
function kindOf(kind: ValueData['kind']): number {
  if (kind === 'constant') return 1;
  if (kind === 'functionType' || kind === 'builtin' || kind === 'builtinValue' || kind === 'containerMethod')
    return 2;
  if (kind === 'container') return 4;
  if (kind === 'class') return 5;
  if (kind === 'instance') return 6;
  if (kind === 'bound') return 7;
  return kind === 'external' ? 3 : 0;
}

/** Key of what an assignment to a property calls: no name that anybody writes. */
export const setterKey = (name: string): string => `set ${name}`;
export const isSetterKey = (key: string): boolean => key.startsWith('set ');

/** Field of the elements whose key is unknown. */
export const anyKey = '[*]';
const maxFields = 256;
