import { expect, test } from 'vitest';
import { outlineText } from '../../testing/outline-text.ts';

const sample = `'use strict';
const a = require('a'), b = require('b');
module.exports = { foo, bar() {}, baz: function () {} };
exports.qux = function qux(x) { return x; };
exports.NUM = 3;
Foo.prototype.method = function () {};
Foo.stat = () => 1;
function Foo() { this.x = 1; this.run = function () {}; }
var old = function () {};
class A { #priv = 1; static s = 2; *gen() {} set v(x) {} static { init(); } handler = () => {} }
(function () { function inIife() {} })();
async function* agen() {}
if (true) { function cond() {} }
app.get('/x', (req, res) => {});
export const sel = (s) => s.x;
`;

test('JavaScript: every definition with its lines, header, doc and parent', async () => {
  expect(await outlineText('javascript', sample)).toMatchInlineSnapshot(`
    "
    constant module.exports 3-3
    method bar 3-3 in module.exports
    method baz 3-3 in module.exports
    function qux 4-4
    constant NUM 5-5
    method method 6-6
    function stat 7-7
    function Foo 8-8
    method run 8-8 in Foo
    function old 9-9
    class A 10-10
    field #priv 10-10 in A
    field s 10-10 in A
    method gen 10-10 in A
    method v 10-10 in A
    method handler 10-10 in A
    function inIife 11-11
    function agen 12-12
    function cond 13-13
    function sel 15-15
    "
  `);
});

test('each of several declarators holds its own members', async () => {
  const text =
    '// Doc.\nexport const first = {\n  m() {},\n},\n  second = { n() {} };\nlet third = 1, fourth;\n';
  expect(await outlineText('javascript', text)).toMatchInlineSnapshot(`
    "
    constant first 2-4 head 2 doc 1-1
    method m 3-3 in first
    constant second 5-5
    method n 5-5 in second
    variable third 6-6
    variable fourth 6-6
    "
  `);
});

test('CommonJS imports define nothing', async () => {
  const text = "const fs = require('fs');\nconst { join } = require('path');\nvar x = await import('y');\n";
  expect(await outlineText('javascript', text)).toBe('\n\n');
});
