import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

test('TypeScript: a function that is put where a type of functions is declared is given what that says, unless it is known what it is given', async () => {
  const files = {
    'types.ts': `export class Store { save() {} find(): Store { return this; } }
export type Step<T> = (store: Store, next: () => Store) => T;
export interface Hooks { start(store: Store): void; end?: (store: Store, ...rest: unknown[]) => void }
export interface Api { (name: string, body: Step<void>): void; each: (steps: Step<void>[]) => void }
`,
    'main.ts': `import type { Api, Hooks, Step } from './types';
declare const api: Api;
declare function table(steps: Record<string, (tools: { log: typeof console.log; step: Step<void> }) => void>): void;
const one: Step<void> = (store, next) => { store.save(); next().save(); };
api('a', (store, next) => store.find());
api.each([(store) => { store.save(); }]);
table({ x: ({ log, step }) => { log('x'); step(1, 2); } });
const hooks: Hooks = { start: (store) => store.save(), end: (store) => store.find() };
const told = (store) => store.other();
told({ other() {} });
const both: Step<void> = told;
function open(step: (value: any) => void) { step(1); }
open((value) => value.save());
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main -> main.open main.ts:13
    main -> main.table main.ts:7
    main -> main.told main.ts:10
    main -> types.Api.<anonymous:4> main.ts:5 inferred
    main -> types.Api.each main.ts:6 inferred
    main.<anonymous:13> -> ? value.save main.ts:13
    main.<anonymous:5> -> types.Store.find main.ts:5
    main.<anonymous:6> -> types.Store.save main.ts:6
    main.hooks.end -> types.Store.find main.ts:8
    main.hooks.start -> types.Store.save main.ts:8
    main.one -> ? next main.ts:4
    main.one -> types.Store.save main.ts:4
    main.open -> main.<anonymous:13> main.ts:12
    main.told -> main.other main.ts:9
    main.x -> <builtin>.console.log main.ts:7
    main.x -> ? step main.ts:7
    "
  `);
});

test('TypeScript: what an index signature or a mapped type says holds for names that are not declared', async () => {
  const files = {
    'main.ts': `interface Test { (name: string): void; run(): void }
type Chain<K extends string> = { [P in K]: Chain<K> } & Test;
type Table = { [name: string]: Test; known: Other };
interface Other { go(): void }
declare const chain: Chain<'only' | 'skip'>;
declare const table: Table;
chain.only('a');
chain.skip.only.run();
table.some.run();
table.known.go();
table.known.run();
for (const key in table) table[key].run();
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main -> ? table.known.run main.ts:11
    main -> main.Other.go main.ts:10
    main -> main.Test.<anonymous:1> main.ts:7 inferred
    main -> main.Test.<anonymous:1> main.ts:8 inferred
    main -> main.Test.run main.ts:12
    main -> main.Test.run main.ts:8 inferred
    main -> main.Test.run main.ts:9
    "
  `);
});

test('TypeScript: what runs over all fields of an object does not take a getter for one of them', async () => {
  const files = {
    'main.ts': `const user = { first: 'a', get full() { return this.first; } };
function copy(from: any): any {
  const made: any = {};
  for (const value of Object.values(from)) made[String(value)] = value;
  for (const key of Object.keys(from)) made[key] = from[key];
  return made;
}
user.full;
const tasks = [copy(user)];
tasks[0]['id'];
const values = Object.values(user);
values[0];
values.find(Boolean).next;
for (const [, value] of Object.entries(user)) value.next;
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main -> <builtin>.Boolean main.ts:13 inferred
    main -> <builtin>.Object.entries main.ts:14
    main -> <builtin>.Object.values main.ts:11
    main -> <builtin>.array.find main.ts:13 inferred
    main -> main.copy main.ts:9
    main -> main.user.full main.ts:8
    main.copy -> <builtin>.Object.keys main.ts:5
    main.copy -> <builtin>.Object.values main.ts:4
    main.copy -> <builtin>.String main.ts:4
    main.copy -> main.user.full main.ts:5 inferred
    "
  `);
});

test('TypeScript and Python: an assignment to a property runs its setter, which is no value of the object', async () => {
  const files = {
    'main.ts': `const user = {
  get full() { return 'a'; },
  set full(value: string) { keep(value); },
};
class Temp {
  get degrees() { return 1; }
  set degrees(value: number) { keep(value); }
  static set mode(value: string) { keep(value); }
  set(value: string) {}
}
class Hot extends Temp { override set degrees(value: number) { super.degrees = value; } }
function keep(value: unknown) {}
user.full = 'x';
user['full'] = 'y';
new Temp().degrees = 1;
new Hot().degrees += 1;
Temp.mode = 'x';
new Temp().set('x');
for (const one of Object.values(user)) one();
const other = { full: 'z' };
other.full = 'a';
`,
    'temp.py': `class Temp:
    def __init__(self, degrees):
        self.degrees = degrees
    @property
    def degrees(self):
        return 1
    @degrees.setter
    def degrees(self, value):
        keep(value)
class Other:
    pass
def keep(value): pass
Temp(1).degrees = 2
other = Other()
other.degrees = 3
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main -> <builtin>.Object.values main.ts:19
    main -> ? one main.ts:19
    main -> main.Hot.degrees main.ts:16
    main -> main.Temp.degrees main.ts:15
    main -> main.Temp.degrees main.ts:16
    main -> main.Temp.mode main.ts:17
    main -> main.Temp.set main.ts:18
    main -> main.user.full:2 main.ts:13
    main -> main.user.full:2 main.ts:14
    main.Hot.degrees -> main.Temp.degrees main.ts:11
    main.Temp.degrees -> main.keep main.ts:7
    main.Temp.mode -> main.keep main.ts:8
    main.user.full:2 -> main.keep main.ts:3
    temp -> temp.Temp.__init__ temp.py:13
    temp -> temp.Temp.degrees temp.py:13
    temp.Temp.__init__ -> temp.Temp.degrees temp.py:3
    temp.Temp.degrees -> temp.keep temp.py:9
    "
  `);
});
