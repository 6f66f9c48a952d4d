/** What resolving must know of a language, as data. */
import type { WrapperMethod } from './wrapper-methods.ts';

/** How a test runner fills parameters, as data of a language. */
export interface FixtureRules {
  /** A decorator of a fixture as it is written, with what is after the name. */
  readonly decorator: RegExp;
  /** Names of functions and of files that are tests. */
  readonly test: RegExp;
  readonly testFile: RegExp;
  /** Name of the file whose fixtures its folder and all below it see. */
  readonly shared: string;
  /** A decorator that gives parameters values of its own: the first group has their names. */
  readonly given: RegExp;
  /** A decorator that runs fixtures without a parameter: the first group has their names. */
  readonly used: RegExp;
  /** A call that gives the fixture of the name that is its argument. */
  readonly asked: RegExp;
  /** What the runner offers: the module and name of its type. */
  readonly offered: ReadonlyMap<string, readonly [module: string, name: string]>;
}

export interface Profile {
  /** Name of the method that makes an instance ready. */
  readonly constructorName: string;
  /** The receiver is the first parameter; otherwise it is a variable of its own (`this`). */
  readonly hasReceiverParameter: boolean;
  /** `o['a']` is `o.a`. */
  readonly keysAreNames: boolean;
  /** A value that a declared type promises counts although other values are known. */
  readonly trustsTypes: boolean;
  /**
   * Compiled with types: a value that cannot be of a declared type does not get there, and a declared type stands for its classes and
   * what is below them where no value is known. `structural` (Go): interfaces are satisfied by methods, embedding is no inheritance,
   * calling a type converts. `nominal` (Java): members have overloads by number of arguments, a method of a function calls it. `traits`
   * (Rust): any type, also of the language, may be given members; a type that is called takes its fields by position. `gradual` (PHP, Ruby):
   * members by name, methods as `name()` beside fields; a class is a receiver, too.
   */
  readonly typed?: 'structural' | 'nominal' | 'traits' | 'gradual';
  /**
   * Names are found among the definitions of all files: from the namespaces around `outward` (C, C++, Ruby), or by their `full` name (PHP).
   */
  readonly isLinked?: 'outward' | 'full';
  /** Methods of the class itself are kept as `static name()`, and are not those of its instances (Ruby). */
  readonly hasStatics?: boolean;
  /** Methods that call a function they are called on; without it, where a function may stand for any interface, all do. */
  readonly invokers?: ReadonlySet<string>;
  /** Names of the language that need no import. */
  readonly builtins: Pick<ReadonlySet<string>, 'has'>;
  /** Names with a capital that nothing binds are types of the environment. */
  readonly capitalsAreBuiltin: boolean;
  /** What a function of the environment gives is called after it: `<builtin>.expect.toBe`. */
  readonly resultsAreBuiltin: boolean;
  /** What a function from outside gives may be anything, also of the workspace: without types nobody says. */
  readonly resultsAreOpaque?: boolean;
  /** What a text, and a number, is called. */
  readonly textType: string;
  readonly numberType: string;
  /** Methods of built-in types of values: other names those do not have. */
  readonly methods: ReadonlyMap<string, ReadonlySet<string>>;
  /** Built-in types whose value a call of them gives: `str(x)`. */
  readonly types: ReadonlySet<string>;
  /** Built-ins that call the functions they are given, and give a sequence of the results or the first argument's elements. */
  readonly callers: ReadonlyMap<string, 'results' | 'elements' | 'element'>;
  /** Which argument of those is a function, where it is known: -1 for none. */
  readonly callbackAt?: ReadonlyMap<string, number>;
  /** What makes a container when it is called, built-in or not, and its type. */
  readonly containers: ReadonlyMap<string, string>;
  /** What methods of the language's wrappers and collections do, whatever they are called on. With them: what is outside calls functions it is given. */
  readonly wrapperMethods?: ReadonlyMap<string, WrapperMethod>;
  /** Functions of a type that give a value of it where nobody writes them: `default`. */
  readonly madeBy?: ReadonlySet<string>;
  /** What gives its second argument, as a value of the type that is the first: `typing.cast`. */
  readonly casts?: ReadonlySet<string>;
  /** A decorator, as it is written, that only says how a method is bound: it calls nothing. */
  readonly binding?: RegExp;
  /** Parameters of tests that a runner fills by their names. */
  readonly fixtures?: FixtureRules;
  /** Built-ins that give their first argument again. */
  readonly passing: ReadonlySet<string>;
}

/** `types` and `methods` are words. */
export function methodsOf(
  table: readonly (readonly [types: string, methods: string])[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const words = (list: string) => list.trim().split(/\s+/);
  return new Map(
    table.flatMap(([types, methods]) => words(types).map((type) => [type, new Set(words(methods))] as const)),
  );
}
