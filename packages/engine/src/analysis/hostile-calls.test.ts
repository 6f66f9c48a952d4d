import { expect, test } from 'vitest';
import { callGraphOf, callsText } from './testing/calls-text.ts';

test('modules that import each other, bases that inherit from themselves, names that mean themselves', async () => {
  const files = {
    'a.py':
      'from b import *\nfrom b import g\nx = x\nclass A(A): pass\nclass B(C): pass\nclass C(B):\n    def m(self): self.n()\ndef f(): g()\n',
    'b.py': 'from a import *\nfrom a import f\ndef g(): f()\n',
    'c.ts': "export * from './d'\nimport { q } from './d'\nexport const p = () => q()\n",
    'd.ts':
      "export * from './c'\nimport { p } from './c'\nexport const q = () => p()\nclass X extends X {}\nnew X()\n",
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    a.C.m -> ? self.n a.py:7
    a.f -> b.g a.py:8
    b.g -> a.f b.py:3
    c.p -> d.q c.ts:3
    d.q -> c.p d.ts:3
    "
  `);
});

test('a list that is cut again and again, a function that gives itself, a callback of itself', async () => {
  const text = `
def eat(items):
    while items:
        items[0]()
        items = items[1:]
def loop(f):
    return f(loop)(f)
eat([loop, eat])
loop(loop)
`;
  expect(await callsText({ 'a.py': text })).toMatchInlineSnapshot(`
    "
    a -> a.eat a.py:8
    a -> a.loop a.py:9
    a.eat -> a.eat a.py:4 inferred
    a.eat -> a.loop a.py:4 inferred
    a.loop -> ? f(loop) a.py:7
    a.loop -> a.loop a.py:7
    "
  `);
});

test('files that do not parse give what is whole, and are named', async () => {
  const files = {
    'half.py': 'def ok(): pass\nok()\ndef broken(:\n    ok(\n',
    'deep.py': `x = ${'(\n'.repeat(5_000)}f()${')\n'.repeat(5_000)}\n`,
    'binary.ts': '\u0000\u0001\ufffd'.repeat(2_000),
    'empty.ts': '',
    'half.ts': 'function ok() {}\nclass { ok(\nok()\n',
  };
  const { unread, edges } = await callGraphOf(files);
  const reasons = Object.fromEntries(unread.map(({ path, reason }) => [path, reason]));
  expect(reasons).toEqual({
    'half.py': 'syntax_errors',
    'half.ts': 'syntax_errors',
    'deep.py': 'not_parsed',
    'binary.ts': 'binary',
  });
  expect(edges.some(({ to }) => to === 'half.ok')).toBe(true);
});

test('a long chain of operators nests deeper than a reader can follow: the file is named, not an error', async () => {
  const { unread } = await callGraphOf({ 'sum.py': `x = ${Array(30_000).fill('f()').join(' + ')}\n` });
  expect(unread.map(({ path }) => path)).toEqual(['sum.py']);
});

test('too large a file is named', async () => {
  const { unread } = await callGraphOf({ 'data.py': `x = [\n${'f(),\n'.repeat(500_000)}]\n` });
  expect(unread).toEqual([{ path: 'data.py', reason: 'too_large' }]);
});

test('10,000 callers of one function are 10,000 edges', async () => {
  const callers = Array.from(
    { length: 10_000 },
    (_, i) => `def f${i}(x):\n    x.hit()\n    return target(x)\n`,
  );
  const text = `class T:\n    def hit(self): pass\ndef target(x): return x\n${callers.join('')}f0(f1(T()))\n`;
  const { edges, isPartial } = await callGraphOf({ 'many.py': text });
  expect(edges.filter(({ to }) => to === 'many.target')).toHaveLength(10_000);
  expect(isPartial).toBe(false);
});

test('code through which everything flows ends, and says that it was cut', async () => {
  const count = 2_500;
  const functions = Array.from(
    { length: count },
    (_, i) => `def f${i}(x): return pass_on(f${(i * 7) % count})\n`,
  );
  const text = `def pass_on(x):\n    x(x)\n    return x\n${functions.join('')}for f in [${Array.from({ length: count }, (_, i) => `f${i}`).join(', ')}]:\n    pass_on(f)\n`;
  const { isPartial, edges, unresolved } = await callGraphOf({ 'mix.py': text });
  expect(isPartial).toBe(true);
  expect(edges.filter(({ from }) => from === 'mix.pass_on').length).toBeGreaterThan(1_900);
  expect(unresolved.map(({ from, text }) => `${from} ${text}`)).toContain('mix.pass_on x');
});

test('configuration files of any kind do no harm', async () => {
  const files = {
    'package.json': '[]',
    'a/package.json': '{ "name": 3, "exports": { ".": [null, { "x": 5 }] } }',
    'b/tsconfig.json': '{ "extends": "./tsconfig.json" }',
    'c/tsconfig.json': '{ "compilerOptions": { "paths": { "*": "x", "../../*": ["../../../*"] } } }',
    'd/tsconfig.json': 'not json',
    'c/x.ts': "import { f } from '../../../../etc/passwd'\nimport { g } from 'g'\nf()\ng()\n",
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    c.x -> <external>.g.g c/x.ts:4
    c.x -> ? f c/x.ts:3
    "
  `);
});

test('prototypes in a circle, and long chains of them', async () => {
  const links = Array.from({ length: 3_000 }, (_, i) => `const o${i + 1} = Object.create(o${i})\n`).join('');
  const text = `const o0 = { hit() {} }\n${links}o3000.hit()\nconst a = {}, b = {}\na.__proto__ = b\nb.__proto__ = a\na.none()\n`;
  const { edges, unresolved } = await callGraphOf({ 'chain.js': text });
  expect(edges.filter(({ to }) => to === 'chain.o0.hit')).toHaveLength(1);
  expect(unresolved.map((site) => site.text)).toEqual(['a.none']);
});

test('a module of a package does not hide one of the language that has its name', async () => {
  const files = {
    'pkg/__init__.py': '',
    'pkg/warnings.py': 'def warn(): pass\n',
    'pkg/use.py': 'import warnings\nfrom . import warnings as own\nwarnings.warn()\nown.warn()\n',
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    pkg.use -> <external>.warnings.warn pkg/use.py:3
    pkg.use -> pkg.warnings.warn pkg/use.py:4
    "
  `);
});

test('a class that inherits through thousands of others', async () => {
  const links = Array.from({ length: 2_000 }, (_, i) => `class C${i + 1}(C${i}): pass\n`).join('');
  const text = `class C0:\n    def hit(self): pass\n${links}C2000().near()\nC100().hit()\n`;
  const { edges, unresolved } = await callGraphOf({ 'deep.py': text });
  expect(edges.map(({ to }) => to)).toContain('deep.C0.hit');
  expect(unresolved.map((site) => site.text)).toEqual(['C2000().near']);
});

test('Go: wrappers that may wrap each other, through an interface of 500 implementations in registries', async () => {
  const { edges, unresolved, isPartial } = await callGraphOf({
    'go.mod': 'module example.com/fs\ngo 1.22\n',
    'fs.go': wrappers(500, 40),
  });
  expect(isPartial).toBe(true);
  const from = (name: string) => edges.filter((edge) => edge.from === name).map(({ to }) => to);
  expect(from('fs.own')).toEqual(['fs.Root.Open']);
  expect(from('fs.copied')).toContain('fs.Root.Close');
  // 500 are more than a place takes.
  expect(unresolved.map((site) => `${site.from} ${site.text}`)).toContain('fs.copied one.Open');
}, 20_000);

/** Types of one interface, each wrapping any other, kept in a registry and copied through `copies` variables and functions. */
function wrappers(kinds: number, copies: number): string {
  const types = Array.from(
    { length: kinds },
    (_, i) => `
type K${i} struct{ FS }
func (k *K${i}) Open(name string) error { return k.FS.Open(name) }
func init() { registry["k${i}"] = func(inner FS) FS { return &K${i}{inner} } }
`,
  );
  const chain = Array.from(
    { length: copies },
    (_, i) =>
      `func copy${i}(f FS) FS { v := f; all = append(all, v); return ${i === 0 ? 'v' : `copy${i - 1}(v)`} }\n`,
  );
  return `package fs
type FS interface { Open(name string) error; Close() error; Stat() error }
type Root struct{}
func (r *Root) Open(name string) error { return nil }
func (r *Root) Close() error { return nil }
func (r *Root) Stat() error { return nil }
var registry = map[string]func(inner FS) FS{}
var all []FS
${types.join('')}${chain.join('')}
func copied(name string) {
	var f FS = &Root{}
	for _, make := range registry { f = make(f) }
	g := copy${copies - 1}(f)
	g.Open(name)
	g.Close()
	g.Stat()
	for _, one := range all { one.Open(name); one.Close() }
}
func own() { k := &Root{}; k.Open("x") }
`;
}
