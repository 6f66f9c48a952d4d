import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

test('Python: who calls a decorated name calls the definition, whatever else shares the wrapper; a decorator that gives back what it is given mixes nothing', async () => {
  const text = `
import typing
def wrapped(f):
    def inner(*args):
        return f(*args)
    return inner
def marked(kind):
    def mark(f):
        f.kind = kind
        return typing.cast(object, f)
    return mark
def replaced(f):
    return other
def other(): pass

@wrapped
def one(): pass
@wrapped
def two(): pass
@marked("a")
def three(): pass
@marked("b")
def four(): pass
@replaced
def five(): pass

one()
three()
five()
`;
  expect(await callsText({ 'deco.py': text })).toMatchInlineSnapshot(`
    "
    deco -> deco.marked deco.py:20
    deco -> deco.marked deco.py:22
    deco -> deco.marked.mark deco.py:20
    deco -> deco.marked.mark deco.py:22
    deco -> deco.one deco.py:27 inferred
    deco -> deco.other deco.py:29
    deco -> deco.replaced deco.py:24
    deco -> deco.three deco.py:28
    deco -> deco.wrapped deco.py:16
    deco -> deco.wrapped deco.py:18
    deco -> deco.wrapped.inner deco.py:27 inferred
    deco.marked.mark -> <external>.typing.cast deco.py:10
    deco.wrapped.inner -> deco.one deco.py:5 inferred
    deco.wrapped.inner -> deco.two deco.py:5 inferred
    "
  `);
});

test('Python: calls in annotations, Self, __new__, async for; declared types tell more than what comes from outside', async () => {
  const text = `
import json
from typing import Annotated, Any, Self, cast

def limit(n): pass

class Model:
    def __new__(cls, *args):
        return object.__new__(cls)
    @classmethod
    def load(cls, text) -> Self:
        return json.loads(text)
    def save(self): pass
    def __aiter__(self): return self
    async def __anext__(self): return Model()
    def __iter__(self): return iter([])

def make() -> Model:
    return json.loads("")

async def run(x: Annotated[int, limit(3)], y: Any) -> "Model":
    Model(1)
    Model.load("").save()
    make().save()
    async for m in Model():
        m.save()
    for m in Model(): pass
    cast(Model, x).save()
    y.save()
    json.loads("").save()
    json.loads("").unheard()
`;
  expect(await callsText({ 'types.py': text })).toMatchInlineSnapshot(`
    "
    types -> types.limit types.py:21
    types.Model.__anext__ -> types.Model.__new__ types.py:15
    types.Model.__iter__ -> <builtin>.iter types.py:16
    types.Model.__new__ -> <builtin>.object.__new__ types.py:9
    types.Model.load -> <external>.json.loads types.py:12
    types.make -> <external>.json.loads types.py:19
    types.run -> <external>.json.loads types.py:30
    types.run -> <external>.json.loads types.py:31
    types.run -> <external>.json.loads.unheard types.py:31
    types.run -> <external>.typing.cast types.py:28
    types.run -> ? json.loads("").save types.py:30
    types.run -> ? y.save types.py:29
    types.run -> types.Model.__aiter__ types.py:25
    types.run -> types.Model.__anext__ types.py:25
    types.run -> types.Model.__iter__ types.py:27
    types.run -> types.Model.__new__ types.py:22
    types.run -> types.Model.__new__ types.py:25
    types.run -> types.Model.__new__ types.py:27
    types.run -> types.Model.load types.py:23
    types.run -> types.Model.save types.py:23
    types.run -> types.Model.save types.py:24
    types.run -> types.Model.save types.py:26
    types.run -> types.Model.save types.py:28
    types.run -> types.make types.py:24
    "
  `);
});

test('Python: a module of a package is meant, though a star import brings the same name', async () => {
  const files = {
    'kit/__init__.py': 'from kit.parts import *\n',
    'kit/parts.py': 'from kit import errors\n\ndef fit():\n    errors.fail()\n',
    'kit/errors.py': 'def fail(): pass\n',
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    kit.parts.fit -> kit.errors.fail kit/parts.py:4
    "
  `);
});

test('Python: a method of the class under a wrapper is called by who calls its name', async () => {
  const text = `
def checked(fn):
    def wrapper(*args):
        return fn(*args)
    return wrapper
class Store:
    @classmethod
    @checked
    def open(cls): return cls()
    @staticmethod
    @checked
    def name(): pass
def main():
    Store.open()
    Store.name()
`;
  expect(await callsText({ 'main.py': text })).toMatchInlineSnapshot(`
    "
    main -> main.checked main.py:11
    main -> main.checked main.py:8
    main.checked.wrapper -> main.Store.name main.py:4 inferred
    main.checked.wrapper -> main.Store.open main.py:4 inferred
    main.main -> main.Store.name main.py:15 inferred
    main.main -> main.Store.open main.py:14 inferred
    main.main -> main.checked.wrapper main.py:14 inferred
    main.main -> main.checked.wrapper main.py:15 inferred
    "
  `);
});

test('Python: a decorator with options does not call what it decorates elsewhere', async () => {
  const text = `
def task(*args, **options):
    def make():
        def take(fun):
            return fun
        return take
    if len(args) == 1:
        return make()(*args)
    return make()

@task
def first(): pass

def inside():
    @task(name='second')
    def second(): pass
    second()

@task(name='third')
def third(): first()
`;
  expect(await callsText({ 'tasks.py': text })).toMatchInlineSnapshot(`
    "
    tasks -> tasks.task tasks.py:11
    tasks -> tasks.task tasks.py:19
    tasks -> tasks.task.make.take tasks.py:19
    tasks.inside -> tasks.inside.second tasks.py:17
    tasks.inside -> tasks.task tasks.py:15
    tasks.inside -> tasks.task.make.take tasks.py:15
    tasks.task -> <builtin>.len tasks.py:7
    tasks.task -> tasks.task.make tasks.py:8
    tasks.task -> tasks.task.make tasks.py:9
    tasks.task -> tasks.task.make.take tasks.py:8
    tasks.third -> tasks.first tasks.py:20 inferred
    tasks.third -> tasks.task.make.take tasks.py:20 inferred
    "
  `);
});

test('Python: a decorator that is called as any function gives what it is given', async () => {
  const text = `
def documented(source):
    def take(method):
        return method
    return take

@documented('a')
def first(): pass

def made():
    def wrapped(): pass
    return documented('b')(wrapped)

clip = made()

def run():
    clip()
    first()
`;
  expect(await callsText({ 'documented.py': text })).toMatchInlineSnapshot(`
    "
    documented -> documented.documented documented.py:7
    documented -> documented.documented.take documented.py:7
    documented -> documented.made documented.py:14
    documented.made -> documented.documented documented.py:12
    documented.made -> documented.documented.take documented.py:12
    documented.run -> documented.first documented.py:18
    documented.run -> documented.made.wrapped documented.py:17
    "
  `);
});

test('where everything flows, a call means what has its name, and reads of many classes are not sure', async () => {
  const names = Array.from({ length: 30 }, (_, i) => `f${i}`);
  const text = await callsText({
    'kept.py': [
      'table = {}',
      'def keep(fn):',
      '    table[fn.__name__] = fn',
      '    return table["x"]',
      ...names.flatMap((name) => [`def ${name}():`, '    pass', `${name} = keep(${name})`]),
      'def run():',
      '    f3()',
    ].join('\n'),
    'many.py': [
      'class Base:',
      '    @property',
      '    def token(self):',
      '        return 1',
      '    def name(self):',
      '        return self.token',
      ...Array.from({ length: 80 }, (_, i) => `class C${i}(Base):\n    pass\nC${i}().name()`),
      'class Other(Base):',
      '    @property',
      '    def token(self):',
      '        return 2',
      'Other().name()',
    ].join('\n'),
  });
  const lines = text.split('\n');
  expect(lines.filter((line) => line.startsWith('kept.run '))).toEqual([
    'kept.run -> kept.f3 kept.py:96 inferred',
  ]);
  expect(lines.filter((line) => line.startsWith('many.Base.name '))).toEqual([
    'many.Base.name -> many.Base.token many.py:6 inferred',
    'many.Base.name -> many.Other.token many.py:6 inferred',
  ]);
});

test('a property that came in as a value of another class is not sure', async () => {
  const text = await callsText({
    'held.py': `class Late:
    @property
    def graph(self):
        return 1
class Array:
    def __init__(self, graph):
        self.graph = graph
    def copy(self):
        return Array(self.graph)
Array.graph = Late.graph
Array(1).copy()
Late().graph
`,
  });
  const lines = text.split('\n').filter((line) => / -> held.Late.graph /.test(line));
  expect(lines).toEqual([
    'held -> held.Late.graph held.py:12',
    'held.Array.copy -> held.Late.graph held.py:9 inferred',
  ]);
});
