/**
 * What one file says about the flow of functions, classes and values, before anything is known of other files. Derived from bytes
 * and language alone, plain data, so that it can be kept by content hash. `graph/` resolves many of these together.
 *
 * Values flow between variables, which are numbers of the file. A name that is assigned several times in a row has a
 * variable for each value, so that a use sees only what reaches it; what nested functions see is a variable of all of them.
 */
import type { LanguageId } from './file.ts';

/** 0-based number of a variable within its file. */
export type Var = number;

/** A constant that may be a key: text and numbers differ (`'1'` and `1`). */
export type Constant = string | number;

/** `name`: `f(name=x)`; `star`: `f(*x)`; `keywords`: `f(**x)`. */
export interface Argument {
  readonly value: Var;
  readonly name?: string;
  readonly spread?: 'star' | 'keywords';
}

export interface Parameter {
  readonly name: string;
  readonly value: Var;
  /** `star`: takes the rest by position; `keywords`: the rest by name. */
  readonly rest?: 'star' | 'keywords';
  readonly keywordOnly?: boolean;
}

export interface FunctionFacts {
  /** Names of the enclosing classes and functions and its own, `''` for the module; `<anonymous:LINE>` for one without a name. */
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly parameters: readonly Parameter[];
  /** Variable of the receiver where it is no parameter (`this`). */
  readonly receiver?: Var;
  readonly result: Var;
  /** Set for a generator: what it yields. */
  readonly yields?: Var;
  /** Class whose body holds it, -1 for none. */
  readonly owner: number;
  /** Declared without a body: a signature of an interface, an overload, an abstract method. */
  readonly signature?: boolean;
  /** Only a type says that there is such a function: a property of function type, what an interface says of being called. */
  readonly isPromise?: boolean;
  /** What its modifiers say of who may name it: everybody, or not everybody (`private`, `protected`, `internal`). */
  readonly access?: 'open' | 'closed';
  /** A method of the class itself, not of its instances. */
  readonly isStatic?: boolean;
}

export interface ClassFacts {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly bases: readonly Var[];
  /** How many of the first bases are asked before the class itself: `prepend` of Ruby. */
  readonly prepended?: number;
  /** Line of each base; without it, that of the class. */
  readonly baseLines?: readonly number[];
  /** Bound in the class body; read through instances in the order of bases. */
  readonly members: readonly (readonly [name: string, value: Var])[];
  /** Members that only the class itself has (`static`). Python has none: there everything of a class is seen by both. */
  readonly statics?: readonly (readonly [name: string, value: Var])[];
  /** What the constructor that the source does not write gives its arguments to, in order. */
  readonly components?: readonly Var[];
  /** Declares only what others implement. */
  readonly isInterface?: boolean;
  /** An interface that can be called: a function may be one. */
  readonly isCallable?: boolean;
  /** Numbers of its type parameters of which it has all members: `type Chain<F, C> = F & { fn: F } & C`. */
  readonly openParameters?: readonly number[];
  /** One of the forms of an enum: it has the methods of its base and is no subclass that anybody wrote. */
  readonly isVariant?: boolean;
  /** One of several parts that are one class together: the full name of it. */
  readonly part?: string;
}

/** Where an operation stands: number of the function in `functions`, and its line. */
interface Site {
  readonly at: number;
  readonly line: number;
}

/** In place of the function of a mention: the file imports what is named, and that says no more. */
export const OF_IMPORT = -1;

/** A name of a function, a class or an import that is read, and not as the callee of a call. */
export interface Mention extends Site {
  readonly value: Var;
}

/** What runs where the source does not write a call: only what the workspace itself defines counts. */
export type ImplicitCall = 'decorator' | 'operator' | 'raise';

export type Operation =
  | { readonly op: 'constant'; readonly to: Var; readonly value: Constant }
  /** A value of a built-in type, e.g. `str`. */
  | { readonly op: 'builtin'; readonly to: Var; readonly type: string }
  | { readonly op: 'copy'; readonly to: Var; readonly from: Var }
  | { readonly op: 'function'; readonly to: Var; readonly index: number }
  | { readonly op: 'class'; readonly to: Var; readonly index: number }
  /** What, called, gives the values of `from` and is no code of the source: `x()` of a record. */
  | { readonly op: 'accessor'; readonly to: Var; readonly from: Var }
  /** `name` undefined: the module itself. */
  | {
      readonly op: 'import';
      readonly to: Var;
      readonly from: string;
      readonly name?: string;
      /** Where the source writes it; an import without a line is followed and not shown. */
      readonly line?: number;
    }
  /** A name that nothing in the file binds. */
  | { readonly op: 'free'; readonly to: Var; readonly name: string }
  /** A list, dictionary, tuple or object that is made here. */
  | { readonly op: 'container'; readonly to: Var; readonly type: string }
  | ({ readonly op: 'get'; readonly to: Var; readonly from: Var; readonly name: string } & Site)
  | ({
      readonly op: 'set';
      readonly on: Var;
      readonly name: string;
      readonly from: Var;
      /** A method that stands outside the body of its class: there before anything runs. */
      readonly isDefinition?: boolean;
    } & Site)
  /** `key` undefined: any. */
  | ({ readonly op: 'getItem'; readonly to: Var; readonly from: Var; readonly key?: Var } & Site)
  | ({ readonly op: 'setItem'; readonly on: Var; readonly key?: Var; readonly from: Var } & Site)
  /** A copy of the elements from number `start` on. */
  | { readonly op: 'slice'; readonly to: Var; readonly from: Var; readonly start: number }
  /** Each element in turn. `key`: what the first name of `for k, v := range x` gets. */
  | ({
      readonly op: 'each';
      readonly to: Var;
      readonly from: Var;
      readonly key?: Var;
      /** `async for`. */
      readonly isAsync?: boolean;
    } & Site)
  | ({
      readonly op: 'call';
      readonly to: Var;
      readonly callee: Var;
      readonly args: readonly Argument[];
      /** The callee as written, cut to 80 characters. */
      readonly text: string;
      readonly implicit?: ImplicitCall;
      readonly isNew?: boolean;
    } & Site)
  /** What, called, calls what is in `from`, with arguments that are not followed: a macro with more in it. */
  | { readonly op: 'within'; readonly to: Var; readonly from: Var }
  /** A list of values gives a struct its fields, by position or name; an array its elements. */
  | { readonly op: 'fill'; readonly on: Var; readonly from: Var }
  /** A class has a base that stands outside its body: an implementation of a trait, a module that is mixed in. */
  | { readonly op: 'base'; readonly on: Var; readonly base: Var }
  /** What a type with these arguments is, besides what it is without them. */
  | { readonly op: 'typeArguments'; readonly to: Var; readonly of: Var; readonly args: readonly Var[] }
  /** A type of functions: what one of them is given, and gives. */
  | {
      readonly op: 'functionType';
      readonly to: Var;
      /** In order, up to one that takes the rest. */
      readonly parameters: readonly Var[];
      readonly result: Var;
    }
  /** All names of a module or class are names of `on` too; without `on`, of the file. */
  | { readonly op: 'star'; readonly from: Var; readonly on?: Var }
  /** What `super` means in a method of this class; `isOwn`: what `this(…)` means, where subclasses do not count. */
  | {
      readonly op: 'super';
      readonly to: Var;
      readonly owner: number;
      readonly receiver: Var;
      readonly isOwn?: boolean;
    }
  /** A value declared to be of a type: an instance of each class that `type` may be. */
  | {
      readonly op: 'instance';
      readonly to: Var;
      readonly type: Var;
      /** Nothing that cannot be of the type gets there. */
      readonly isOnly?: boolean;
      /** Made here (`T{}`): of this very class, whatever else is known. */
      readonly isMade?: boolean;
    };

export interface CodeFacts {
  readonly language: LanguageId;
  /** Package or namespace that the file adds to; files of one see each other's exports without an import. */
  readonly namespace?: string;
  /** Others that the file adds to. */
  readonly moreNamespaces?: readonly string[];
  /** Namespaces that all files see because this one says so. */
  readonly globalStars?: readonly string[];
  readonly variables: number;
  /** The first is the module: its top-level code. */
  readonly functions: readonly FunctionFacts[];
  readonly classes: readonly ClassFacts[];
  readonly operations: readonly Operation[];
  /** Names that other files can see. */
  readonly exports: readonly (readonly [name: string, value: Var])[];
  /** Names that every file of the language sees: what a script of TypeScript declares to be there. */
  readonly globals?: readonly (readonly [name: string, value: Var])[];
  /** Modules all of whose names this one has too: `from x import *`, `export * from 'x'`. */
  readonly stars: readonly string[];
  readonly starLines?: readonly number[];
  readonly mentions?: readonly Mention[];
  /** CommonJS: variable of `module`. */
  readonly module?: Var;
  /** 0 for a file that was read whole; what stands around an error is missing from the facts. */
  readonly errorCount: number;
}
