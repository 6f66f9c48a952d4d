import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

test('TypeScript: what a function that is handed to the outside is given comes from there, unless the workspace has a method of the name', async () => {
  const files = {
    'main.ts': `import { serve, type Plugin } from 'web';
export class Store { save() {} }
export const plugin: Plugin = { setup: (app, tools) => { app.listen(); tools[0].save(); } };
serve({ routes: [(request, { reply }) => reply.send(request.body)] }, (server) => server.save());
function known(store: Store, other) { store.save(); other.save(); }
known(new Store(), 1);
serve(known);
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main -> <external>.web.serve main.ts:4
    main -> <external>.web.serve main.ts:7
    main -> main.known main.ts:6
    main.<anonymous:4:2> -> ? server.save main.ts:4
    main.<anonymous:4> -> <external>.web.serve.reply.send main.ts:4
    main.known -> ? other.save main.ts:5
    main.known -> main.Store.save main.ts:5
    main.plugin.setup -> <external>.web.Plugin.listen main.ts:3
    main.plugin.setup -> ? tools[0].save main.ts:3
    "
  `);
});

test('TypeScript: texts, numbers and plain data of the language, and imports by a computed name', async () => {
  const files = {
    'main.ts': `export async function main(name: string, start: number) {
  const module = await import(name);
  module.run();
  import.meta.resolve(name).startsWith('x');
  (performance.now() - start).toFixed(2).trim();
  Object.keys({}).map((key) => key.toUpperCase());
  JSON.parse(name).list.join('');
  [1].join(',').charCodeAt(0).toFixed();
}
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main.main -> <builtin>.JSON.parse main.ts:7
    main.main -> <builtin>.JSON.parse.list.join main.ts:7
    main.main -> <builtin>.Object.keys main.ts:6
    main.main -> <builtin>.array.join main.ts:8
    main.main -> <builtin>.array.map main.ts:6 inferred
    main.main -> <builtin>.import.meta.resolve main.ts:4
    main.main -> <builtin>.import.meta.resolve.startsWith main.ts:4
    main.main -> <builtin>.number.toFixed main.ts:5
    main.main -> <builtin>.number.toFixed main.ts:8
    main.main -> <builtin>.performance.now main.ts:5
    main.main -> <builtin>.string.charCodeAt main.ts:8
    main.main -> <builtin>.string.trim main.ts:5
    main.main -> ? module.run main.ts:3
    main.main -> main.main.<anonymous:6> main.ts:6 inferred
    main.main.<anonymous:6> -> <builtin>.string.toUpperCase main.ts:6
    "
  `);
});

test('TypeScript: what only a type says of functions is called where nothing else is known, and gives what it says', async () => {
  const files = {
    'main.ts': `interface Locator { click(): void; nth: (at: number) => Locator }
interface Page { find: (role: string) => Locator; onClose?: (page: Page) => void }
interface Each { (cases: unknown[]): Locator }
interface Api { each: Each; pair: [first: Locator, second: Page] }
export function main(page: Page, api: Api, done: (error: Error) => void) {
  page.find('a').nth(1).click();
  page.onClose(page);
  api.each([1]).click();
  api.pair[0].click();
  api.pair[1].find('b');
  done(null);
}
const own: Page = { find: () => made() };
function made(): Locator { return other(); }
own.find('x').click();
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main -> main.Locator.click main.ts:15
    main -> main.own.find main.ts:15 inferred
    main.made -> ? other main.ts:14
    main.main -> ? done main.ts:11
    main.main -> ? page.onClose main.ts:7
    main.main -> main.Each.<anonymous:3> main.ts:8 inferred
    main.main -> main.Locator.click main.ts:6
    main.main -> main.Locator.click main.ts:8
    main.main -> main.Locator.click main.ts:9
    main.main -> main.Locator.nth main.ts:6 inferred
    main.main -> main.Page.find main.ts:10 inferred
    main.main -> main.Page.find main.ts:6 inferred
    main.own.find -> main.made main.ts:13
    "
  `);
});

test('TypeScript: a type made of its arguments has their members', async () => {
  const files = {
    'chain.ts': `export type Chain<K extends string, F, C = object> = F & { fn: () => void } & C
`,
    'main.ts': `import type { Chain } from './chain';
interface Each { (cases: unknown[]): void }
interface Collect { (name: string): void }
type Api = Chain<'skip', Collect, { each: Each }> & { stop: () => Api };
type Other = Chain<'skip', Collect, { only: Each }>;
export function main(api: Api, other: Other) {
  api('x');
  api.each([]);
  api.fn();
  api.stop().each([]);
  other.each([]);
}
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main.main -> ? other.each main.ts:11
    main.main -> chain.<anonymous:1>.fn main.ts:9 inferred
    main.main -> main.<anonymous:4>.stop main.ts:10 inferred
    main.main -> main.Collect.<anonymous:3> main.ts:7 inferred
    main.main -> main.Each.<anonymous:2> main.ts:10 inferred
    main.main -> main.Each.<anonymous:2> main.ts:8 inferred
    "
  `);
});

test('JavaScript: a function that is handed to the outside has its receiver from there', async () => {
  const files = {
    'main.js': `import { add } from 'assertions';
add('same', function (other) { this.check(other); });
add({ own() {}, last() { this.own(); this.check(); } });
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main -> <external>.assertions.add main.js:2
    main -> <external>.assertions.add main.js:3
    main.<anonymous:2> -> <external>.assertions.add.check main.js:2
    main.last -> <external>.assertions.add.check main.js:3
    main.last -> main.own main.js:3
    "
  `);
});

test('JavaScript: of very many functions that flow through one place, those are called that have the name that is called', async () => {
  const many = Array.from({ length: 80 }, (_, i) => `  keep(function f${i}() {}),`).join('\n');
  const files = {
    'main.js': `let last;
export function keep(fn) { if (fn) last = fn; return last; }
export const all = [
${many}
];
export const cache = { load() {} };
cache.load = keep(cache.load);
cache.other = keep();
cache.load();
cache.other();
globalThis.setTimeout = keep();
setTimeout(cache.other);
export function run(fn) { fn(); }
run(keep());
`,
  };
  const text = await callsText(files);
  const of = (line: number) => text.split('\n').filter((one) => one.includes(`main.js:${line}`));
  // That there are more than are followed is said.
  expect(of(88).map((one) => one.trim())).toEqual([
    'main -> ? cache.load main.js:88',
    'main -> main.cache.load main.js:88 inferred',
  ]);
  expect(of(89).map((one) => one.trim())).toEqual(['main -> ? cache.other main.js:89']);
  expect(of(91).map((one) => one.trim())).toEqual(['main -> <builtin>.setTimeout main.js:91 inferred']);
  // What a parameter holds may be any of them.
  expect(of(92).filter((one) => /-> main\.f\d+ /.test(one))).toHaveLength(80);
});
