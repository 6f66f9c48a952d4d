import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `import x from 'y';
/** Doc of foo. */
export async function foo(
  a: number,
  b: string,
): Promise<void> {
  const inner = () => 1;
  const local = 2;
  function nested() {}
}
export function over(a: string): void;
export function over(a: number): void;
export function over(a: any): void {}
// line doc
export const arrow = async (x: number) => {
  return x;
};
export default class Bar<T> extends Base implements I {
  private x = 1;
  static y: string;
  readonly handler = (e: Event) => { };
  constructor(private a: number) { super(); }
  get value(): number { return 1; }
  /** m */
  @Dec()
  async method(): Promise<void> { }
  abstract foo(): void;
}
@Component({
  selector: 'x',
})
export class Cmp { @Input() name: string; }
export interface Shape { area(): number; name: string; readonly z?: number }
type Alias = { a: string } | null;
enum Color { Red, Green = 'g' }
const enum E2 { A }
namespace NS.inner { export const z = 1; export function q() {} }
declare module 'foo' { export function bar(): void; }
declare global { interface Window { x: number } }
export const obj = {
  method() { return 1; },
  prop: () => 2,
  nested: { deep() {} },
  'quoted-key': function () {},
};
const { p, q: { r } } = makeIt();
const fs = require('fs');
let counter = 0;
describe('suite', () => {
  const setup = 1;
  beforeEach(() => {});
  it('works', async () => { expect(1); });
  it.each([1, 2])('handles %s', (n) => {});
  test(\`tmpl \${x}\`, () => {});
});
export default { name: 'x', data() { return {}; } };
export { foo as bar };
declare const VERSION: string;
declare function ambient(x: number): void;
export abstract class Abs { abstract m(): void; protected abstract p: string; }
export const Comp = memo(function Comp(props) { return null; });
`;

test('TypeScript: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('typescript', sample)).toMatchInlineSnapshot(`
    "
    function foo 3-10 head 6 doc 2-2
    function nested 9-9 in foo
    function over 11-11
    function over 12-12
    function over 13-13
    function arrow 15-17 head 15 doc 14-14
    class Bar 18-28 head 18
    field x 19-19 in Bar
    field y 20-20 in Bar
    method handler 21-21 in Bar
    constructor constructor 22-22 in Bar
    method value 23-23 in Bar
    method method@26 25-26 doc 24-24 in Bar
    method foo 27-27 in Bar
    class Cmp@32 29-32
    field name 32-32 in Cmp
    interface Shape 33-33
    method area 33-33 in Shape
    property name 33-33 in Shape
    property z 33-33 in Shape
    type Alias 34-34
    enum Color 35-35
    constant Red 35-35 in Color
    constant Green 35-35 in Color
    enum E2 36-36
    constant A 36-36 in E2
    namespace NS.inner 37-37
    constant z 37-37 in NS.inner
    function q 37-37 in NS.inner
    module foo 38-38
    function bar 38-38 in foo
    interface Window 39-39
    property x 39-39 in Window
    constant obj 40-45 head 40
    method method 41-41 in obj
    method prop 42-42 in obj
    method deep 43-43 in obj
    method quoted-key 44-44 in obj
    constant p 46-46
    constant r 46-46
    variable counter 48-48
    test suite 49-55 head 49
    test works 52-52 in suite
    test handles %s 53-53 in suite
    test tmpl \${x} 54-54 in suite
    constant default 56-56
    method data 56-56 in default
    constant VERSION 58-58
    function ambient 59-59
    class Abs 60-60
    method m 60-60 in Abs
    field p 60-60 in Abs
    constant Comp 61-61
    "
  `);
});
