import { expect, test } from 'vitest';
import { callGraphOf, callsText } from './testing/calls-text.ts';

test('TypeScript: classes, interfaces, fields, getters, callbacks and declared types', async () => {
  const text = `
export interface Shape { area(): number }
abstract class Base {
  abstract draw(): void
  show() { this.draw() }
}
export class Square extends Base implements Shape {
  static of(side: number) { return new Square(side) }
  later = () => this.area()
  constructor(private side: number, private scale = double) { super() }
  get size() { return this.scale(this.side) }
  area() { return this.side * this.size }
  draw() {}
}
function double(n: number) { return n * 2 }
function total(shapes: Shape[], name: string) {
  let sum = 0
  for (const shape of shapes) sum += shape.area()
  return name.trim()
}
function main() {
  const square = Square.of(2)
  square.later()
  square.show()
  total([square], 'x')
  ;[1, 2].map((n) => double(n)).forEach(function (n) { double(n) })
  const { later, other = double } = square as any
  other(1)
  unknown.thing(double)
}
`;
  expect(await callsText({ 'shapes.ts': text })).toMatchInlineSnapshot(`
    "
    shapes.Base.show -> shapes.Square.draw shapes.ts:5
    shapes.Square.area -> shapes.Square.size shapes.ts:12
    shapes.Square.later -> shapes.Square.area shapes.ts:9
    shapes.Square.of -> shapes.Square.constructor shapes.ts:8
    shapes.Square.size -> shapes.double shapes.ts:11
    shapes.main -> <builtin>.array.forEach shapes.ts:26 inferred
    shapes.main -> <builtin>.array.map shapes.ts:26 inferred
    shapes.main -> ? unknown.thing shapes.ts:29
    shapes.main -> shapes.Base.show shapes.ts:24
    shapes.main -> shapes.Square.later shapes.ts:23
    shapes.main -> shapes.Square.of shapes.ts:22
    shapes.main -> shapes.double shapes.ts:28
    shapes.main -> shapes.main.<anonymous:26:2> shapes.ts:26 inferred
    shapes.main -> shapes.main.<anonymous:26> shapes.ts:26 inferred
    shapes.main -> shapes.total shapes.ts:25
    shapes.main.<anonymous:26:2> -> shapes.double shapes.ts:26
    shapes.main.<anonymous:26> -> shapes.double shapes.ts:26
    shapes.total -> <builtin>.string.trim shapes.ts:19
    shapes.total -> shapes.Square.area shapes.ts:18 inferred
    "
  `);
});

test('TypeScript: barrels, default exports, namespaces, paths of tsconfig, packages of the workspace, dynamic imports', async () => {
  const files = {
    'tsconfig.json': '{ "compilerOptions": { "baseUrl": ".", /* own */ "paths": { "@/*": ["src/*"], }, } }',
    'src/main.ts': `
import { helper as help, Base } from './lib'
import twice from './lib/twice.js'
import * as all from '@/lib'
import { plan } from '@acme/plan'
import { deep } from '@acme/plan/deep'
import chalk from 'chalk'
export async function main() {
  help()
  twice()
  all.helper()
  new Base().start()
  plan()
  deep()
  chalk.red('x')
  const late = await import('./lib/late')
  late.run()
  return import('./lib/late').then((module) => module.run())
}
`,
    'src/lib/index.ts': "export * from './base'\nexport { helper } from './twice'\n",
    'src/lib/base.ts': 'export class Base { start() {} }\n',
    'src/lib/twice.ts': 'export function helper() {}\nexport default () => helper()\n',
    'src/lib/late.ts': 'export const run = () => {}\n',
    'packages/plan/package.json':
      '{ "name": "@acme/plan", "exports": { ".": { "import": "./dist/index.js" }, "./deep": "./dist/deep.js" } }',
    'packages/plan/src/index.ts': 'export function plan() {}\n',
    'packages/plan/src/deep.ts': 'export function deep() {}\n',
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    src.lib.twice.default -> src.lib.twice.helper src/lib/twice.ts:2
    src.main.main -> <builtin>.Promise.then src/main.ts:18
    src.main.main -> <external>.chalk.red src/main.ts:15
    src.main.main -> packages.plan.src.deep.deep src/main.ts:14
    src.main.main -> packages.plan.src.index.plan src/main.ts:13
    src.main.main -> src.lib.base.Base.start src/main.ts:12
    src.main.main -> src.lib.late.run src/main.ts:17
    src.main.main -> src.lib.twice.default src/main.ts:10
    src.main.main -> src.lib.twice.helper src/main.ts:11
    src.main.main -> src.lib.twice.helper src/main.ts:9
    src.main.main -> src.main.main.<anonymous:18> src/main.ts:18
    src.main.main.<anonymous:18> -> src.lib.late.run src/main.ts:18
    "
  `);
});

test('JavaScript: CommonJS, prototypes, call and bind, object literals, components', async () => {
  const files = {
    'main.js': `
const { run, Tool } = require('./tool')
const tool = require('./tool')
function Machine(part) { this.part = part }
Machine.prototype.start = function () { return this.part() }
const machine = new Machine(run)
machine.start()
tool.extra()
new Tool().use()
run.call(null, 1)
const bound = Tool.prototype.use.bind(new Tool())
bound()
const table = { go() { return this.stop() }, stop: () => run(), ['x']: run }
table.go()
table['stop']()
`,
    'tool.js': `
function run() {}
class Tool { use() { run() } }
module.exports = { run, Tool }
exports.extra = function () { run() }
`,
    'view.jsx': `
import { Row } from './row'
export default function View(props) { return <div onClick={() => Row()}><Row item={props.item} /></div> }
`,
    'row.jsx': 'export const Row = ({ item }) => <span>{item}</span>\n',
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main -> main.Machine main.js:6
    main -> main.Machine.start main.js:7
    main -> main.table.go main.js:14
    main -> main.table.stop main.js:15
    main -> tool.Tool.use main.js:12
    main -> tool.Tool.use main.js:9
    main -> tool.extra main.js:8
    main -> tool.run main.js:10
    main.Machine.start -> tool.run main.js:5
    main.table.go -> main.table.stop main.js:13
    main.table.stop -> tool.run main.js:13
    tool.Tool.use -> tool.run tool.js:3
    tool.extra -> tool.run tool.js:5
    view.View -> row.Row view.jsx:3
    view.View.<anonymous:3> -> row.Row view.jsx:3
    "
  `);
});

test('a declared type keeps out what cannot be of it', async () => {
  const text = `
class Door { open() {} }
class Mail { open() {} }
function pass(x: any) { return x }
const door: Door = pass(new Door())
const mail: Mail = pass(new Mail())
door.open()
mail.open()
`;
  expect(await callsText({ 'a.ts': text })).toMatchInlineSnapshot(`
    "
    a -> a.Door.open a.ts:7
    a -> a.Mail.open a.ts:8
    a -> a.pass a.ts:5
    a -> a.pass a.ts:6
    "
  `);
});

test('a call signature on a line of its own does not cost the interface', async () => {
  const text = 'interface Many {\n  (a: string): void\n  <T>(a: T): void\n}\nfunction f() {}\nf()\n';
  const { unread, edges } = await callGraphOf({ 'a.ts': text });
  expect(unread).toEqual([]);
  expect(edges.map(({ from, to }) => `${from} -> ${to}`)).toEqual(['a -> a.f']);
});

test('JavaScript: methods that nobody calls know their object; maps, sets and promises pass values on', async () => {
  const text = `
function hit() {}
export default { run() { this.helper() }, helper: function () { hit() } }
const table = new Map()
table.set('a', hit)
table.get('a')()
for (const f of new Set([hit])) f()
new Promise((resolve) => resolve(1)).then(() => hit())
`;
  expect(await callsText({ 'main.js': text })).toMatchInlineSnapshot(`
    "
    main -> <builtin>.Map main.js:4
    main -> <builtin>.Promise main.js:8 inferred
    main -> <builtin>.Promise.then main.js:8
    main -> <builtin>.Set main.js:7
    main -> <builtin>.map.get main.js:6
    main -> <builtin>.map.set main.js:5
    main -> main.<anonymous:8:2> main.js:8
    main -> main.<anonymous:8> main.js:8 inferred
    main -> main.hit main.js:6
    main -> main.hit main.js:7
    main.<anonymous:8:2> -> main.hit main.js:8
    main.<anonymous:8> -> <builtin>.Promise.resolve main.js:8
    main.default.helper -> main.hit main.js:3
    main.default.run -> main.default.helper main.js:3
    "
  `);
});

test('TypeScript: what `typeof` promises, what a wrapper of one type gives back, and functions of one name', async () => {
  const vm = `
export declare class Module {
  constructor(names: string[])
  setExport(name: string): void
}
`;
  const text = `
import type { Module } from './vm'
import foreign from 'foreign'
const Made: typeof Module = (foreign as any).Module
function throttle<T extends (...args: any[]) => void>(fn: T, ms: number): T {
  return function later(...args: any[]) { setTimeout(() => fn(...args), ms) } as T
}
const save = throttle(() => {}, 10)
async function main() {
  new Made(['x']).setExport('x')
  save()
  const { run } = (await foreign.load()) as typeof import('./run')
  run()
  const job = await new Promise<Job>((resolve) => foreign.on(resolve))
  job.start()
}
class Job { start() {} }
function rules() {
  check([{ test: () => 1 }, { test: () => 2 }])
  const other = { test: () => 3 }
  other.test()
}
function check(all: { test(): number }[]) { for (const one of all) one.test() }
`;
  const files = { 'main.ts': text, 'vm.ts': vm, 'run.ts': 'export function run() {}\n' };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main -> main.throttle main.ts:8
    main.check -> main.check.<anonymous:23>.test main.ts:23 inferred
    main.check -> main.rules.test main.ts:23 inferred
    main.check -> main.rules.test:2 main.ts:23 inferred
    main.main -> <builtin>.Promise main.ts:14 inferred
    main.main -> <external>.foreign.Module main.ts:10 inferred
    main.main -> <external>.foreign.Module.setExport main.ts:10 inferred
    main.main -> <external>.foreign.load main.ts:12
    main.main -> <external>.foreign.load.run main.ts:13 inferred
    main.main -> main.<anonymous:8> main.ts:11 inferred
    main.main -> main.Job.start main.ts:15
    main.main -> main.main.<anonymous:14> main.ts:14 inferred
    main.main -> main.throttle.later main.ts:11 inferred
    main.main -> run.run main.ts:13 inferred
    main.main -> vm.Module.constructor main.ts:10 inferred
    main.main -> vm.Module.setExport main.ts:10 inferred
    main.main.<anonymous:14> -> <external>.foreign.on main.ts:14
    main.rules -> main.check main.ts:19
    main.rules -> main.rules.other.test main.ts:21
    main.throttle.later -> <builtin>.setTimeout main.ts:6 inferred
    main.throttle.later -> main.throttle.later.<anonymous:6> main.ts:6 inferred
    main.throttle.later.<anonymous:6> -> main.<anonymous:8> main.ts:6
    "
  `);
});

test('TypeScript: a method that a type of the language does not have is not said to be of it', async () => {
  const text = `
class Failure extends Error { respond() {} }
function main(context: { error: Error }) {
  if (context.error instanceof Failure) context.error.respond()
  new Date().getTime()
  new RegExp('a').exec('b')
}
`;
  expect(await callsText({ 'main.ts': text })).toMatchInlineSnapshot(`
    "
    main.main -> <builtin>.Date main.ts:5
    main.main -> <builtin>.Date.getTime main.ts:5
    main.main -> <builtin>.RegExp main.ts:6
    main.main -> <builtin>.RegExp.exec main.ts:6
    main.main -> ? context.error.respond main.ts:4
    "
  `);
});

test('TypeScript: what a script declares is there in every file, what a module declares is not', async () => {
  const files = {
    'env.d.ts': `
declare namespace Deno { export function mkdir(path: string): void }
declare interface Tool { run(): void }
declare const tool: Tool
`,
    'own.d.ts': 'declare function hidden(): void\nexport {}\n',
    'main.ts': `
export function main() {
  Deno.mkdir('a')
  Deno.serve()
  tool.run()
  hidden()
}
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    main.main -> <builtin>.Deno.mkdir main.ts:3 inferred
    main.main -> <builtin>.Deno.serve main.ts:4
    main.main -> ? hidden main.ts:6
    main.main -> env.d.Deno.mkdir main.ts:3 inferred
    main.main -> env.d.Tool.run main.ts:5
    "
  `);
});

test('TypeScript: a chain over several lines is many calls, each on the line of its name', async () => {
  const text = `
class Query {
  first: Query
  where(by: (row: number) => boolean) { return this }
  limit(count: number) { return this }
  get size() { return 1 }
}
function find() { return new Query() }
export function run() {
  return find()
    .where((row) => row > 1)
    .first
    .limit(
      1,
    )
    .size
}
`;
  expect(await callsText({ 'query.ts': text })).toMatchInlineSnapshot(`
    "
    query.run -> query.Query.limit query.ts:13
    query.run -> query.Query.size query.ts:16
    query.run -> query.Query.where query.ts:11
    query.run -> query.find query.ts:10
    "
  `);
});
