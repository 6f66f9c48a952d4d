import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

test('Python: names, aliases, attributes and results lead to the function', async () => {
  const text = `
def brew(kind):
    return steep

def steep(leaf):
    leaf()

def leaf():
    pass

start = brew
start("green")(leaf)
jobs = {"a": leaf, 1: steep}
jobs["a"]()
first, *rest = [brew, leaf, steep]
rest[1](first)
`;
  expect(await callsText({ 'tea.py': text })).toMatchInlineSnapshot(`
    "
    tea -> tea.brew tea.py:12
    tea -> tea.leaf tea.py:14
    tea -> tea.steep tea.py:12
    tea -> tea.steep tea.py:16
    tea.steep -> tea.brew tea.py:6 inferred
    tea.steep -> tea.leaf tea.py:6 inferred
    "
  `);
});

test('Python: a name means what it was given last, and either after a branch', async () => {
  const text = `
def one(): pass
def two(): pass
def three(): pass
f = one
f()
f = two
f()
if f:
    f = three
f()
for _ in range(3):
    f()
    f = one
try:
    g = one
except ValueError:
    g = two
g()
d = {"x": one}
d["x"] = two
d["x"]()
`;
  expect(await callsText({ 'order.py': text })).toMatchInlineSnapshot(`
    "
    order -> <builtin>.range order.py:12
    order -> order.one order.py:13 inferred
    order -> order.one order.py:19 inferred
    order -> order.one order.py:6
    order -> order.three order.py:11 inferred
    order -> order.three order.py:13 inferred
    order -> order.two order.py:11 inferred
    order -> order.two order.py:13 inferred
    order -> order.two order.py:19 inferred
    order -> order.two order.py:22
    order -> order.two order.py:8
    "
  `);
});

test('Python: methods through self, bases in linear order, super, properties, class and static methods', async () => {
  const text = `
class Base:
    def __init__(self, tool=None):
        self.tool = tool
    def run(self):
        self.step()
        return self.size
    def step(self): pass
    @property
    def size(self):
        return self.measure()
    @staticmethod
    def measure(): pass
    @classmethod
    def make(cls):
        return cls()

class Left(Base):
    def step(self):
        super().step()

class Right(Base):
    def step(self): pass

class Both(Left, Right):
    pass

def main():
    both = Both(Right())
    both.run()
    both.tool.step()
    Left.make().run()

def typed(item: "Right", many: list[Base]):
    item.step()
    for one in many:
        one.measure()
`;
  expect(await callsText({ 'shapes.py': text })).toMatchInlineSnapshot(`
    "
    shapes.Base.make -> shapes.Base.__init__ shapes.py:16
    shapes.Base.run -> shapes.Base.size shapes.py:7
    shapes.Base.run -> shapes.Left.step shapes.py:6
    shapes.Base.size -> shapes.Base.measure shapes.py:11
    shapes.Left.step -> <builtin>.super shapes.py:20
    shapes.Left.step -> shapes.Base.step shapes.py:20 inferred
    shapes.Left.step -> shapes.Right.step shapes.py:20 inferred
    shapes.main -> shapes.Base.__init__ shapes.py:29
    shapes.main -> shapes.Base.make shapes.py:32
    shapes.main -> shapes.Base.run shapes.py:30
    shapes.main -> shapes.Base.run shapes.py:32
    shapes.main -> shapes.Right.step shapes.py:31
    shapes.typed -> shapes.Base.measure shapes.py:37
    shapes.typed -> shapes.Right.step shapes.py:35
    "
  `);
});

test('Python: imports of modules, packages, relative names, stars and what a package passes on', async () => {
  const files = {
    'app.py': `
import shop.cart as cart, shop
from shop import Basket, pay
from shop.tools import *
import requests.sessions
def main():
    cart.fill()
    shop.cart.fill()
    Basket().add()
    pay()
    weigh()
    requests.sessions.Session().get("x")
    missing()
    print(len([]))
`,
    'shop/__init__.py': 'from . import cart\nfrom .cart import Basket\nfrom .money.pay import pay\n',
    'shop/cart.py': 'def fill(): pass\nclass Basket:\n    def add(self):\n        fill()\n',
    'shop/money/pay.py': 'from ..cart import fill\ndef pay():\n    fill()\n',
    'shop/tools.py': 'def weigh(): pass\n',
    'src/lib/__init__.py': '',
    'src/lib/core.py': 'def core(): pass\n',
    'tests/test_core.py': 'from lib.core import core\ndef test_core():\n    core()\n',
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    app.main -> <builtin>.len app.py:14
    app.main -> <builtin>.print app.py:14
    app.main -> <external>.requests.sessions.Session app.py:12
    app.main -> <external>.requests.sessions.Session.get app.py:12
    app.main -> ? missing app.py:13
    app.main -> shop.cart.Basket.add app.py:9
    app.main -> shop.cart.fill app.py:7
    app.main -> shop.cart.fill app.py:8
    app.main -> shop.money.pay.pay app.py:10
    app.main -> shop.tools.weigh app.py:11
    shop.cart.Basket.add -> shop.cart.fill shop/cart.py:4
    shop.money.pay.pay -> shop.cart.fill shop/money/pay.py:3
    tests.test_core.test_core -> src.lib.core.core tests/test_core.py:3
    "
  `);
});

test('Python: decorators, closures, generators, keywords and lambdas pass functions on', async () => {
  const text = `
import functools
def traced(fn):
    @functools.wraps(fn)
    def inner(*args, **kwargs):
        return fn(*args, **kwargs)
    return inner

@traced
def work(callback, *, done=None):
    callback()
    done()

def each():
    yield work
    yield lambda: finish()

def finish(): pass

class Lines:
    def __iter__(self):
        return self
    def __next__(self):
        return finish
    def __enter__(self):
        return self
    def __exit__(self, *error): pass
    def __add__(self, other): pass

work(finish, done=lambda: finish())
for job in each():
    job()
with Lines() as lines:
    for line in lines:
        line()
lines + lines
sorted([finish], key=lambda item: item())
`;
  expect(await callsText({ 'flow.py': text })).toMatchInlineSnapshot(`
    "
    flow -> <builtin>.sorted flow.py:37 inferred
    flow -> flow.<anonymous:37> flow.py:37 inferred
    flow -> flow.Lines.__add__ flow.py:36
    flow -> flow.Lines.__enter__ flow.py:33
    flow -> flow.Lines.__exit__ flow.py:33
    flow -> flow.Lines.__iter__ flow.py:34
    flow -> flow.Lines.__next__ flow.py:34
    flow -> flow.each flow.py:31
    flow -> flow.each.<anonymous:16> flow.py:32 inferred
    flow -> flow.finish flow.py:35
    flow -> flow.traced flow.py:9
    flow -> flow.traced.inner flow.py:30 inferred
    flow -> flow.traced.inner flow.py:32 inferred
    flow -> flow.work flow.py:30 inferred
    flow -> flow.work flow.py:32 inferred
    flow.<anonymous:30> -> flow.finish flow.py:30
    flow.<anonymous:37> -> flow.finish flow.py:37
    flow.each.<anonymous:16> -> flow.finish flow.py:16
    flow.traced -> <external>.functools.wraps flow.py:4
    flow.traced.inner -> flow.work flow.py:6
    flow.work -> flow.<anonymous:30> flow.py:12
    flow.work -> flow.finish flow.py:11
    "
  `);
});

test('Python: containers made by calls, cached properties, partial functions', async () => {
  const text = `
from collections import OrderedDict
from functools import cached_property, partial
def one(): pass
def two(): pass
class Box:
    @cached_property
    def content(self):
        return one
table = dict(a=one, **{"b": two})
table["b"]()
order = OrderedDict(a=two)
order.get("a")()
many = list()
many.append(one)
many.pop()()
Box().content()
partial(two)()
`;
  expect(await callsText({ 'box.py': text })).toMatchInlineSnapshot(`
    "
    box -> <builtin>.dict box.py:10
    box -> <builtin>.dict.get box.py:13
    box -> <builtin>.list box.py:14
    box -> <builtin>.list.append box.py:15
    box -> <builtin>.list.pop box.py:16
    box -> <external>.collections.OrderedDict box.py:12
    box -> <external>.functools.cached_property box.py:7
    box -> <external>.functools.partial box.py:18
    box -> box.Box.content box.py:17
    box -> box.one box.py:16
    box -> box.one box.py:17
    box -> box.two box.py:11
    box -> box.two box.py:13
    box -> box.two box.py:18
    "
  `);
});

test('Python: a chain over several lines is many calls, each on the line of its name', async () => {
  const text = `
class Query:
    def where(self, by): return self
    def limit(self, count): return self
    @property
    def size(self): return 1

def find(): return Query()

def run():
    return (
        find()
        .where(1)
        .limit(
            2,
        )
        .size
    )
`;
  expect(await callsText({ 'query.py': text })).toMatchInlineSnapshot(`
    "
    query.run -> query.Query.limit query.py:14
    query.run -> query.Query.size query.py:17
    query.run -> query.Query.where query.py:13
    query.run -> query.find query.py:12
    "
  `);
});
