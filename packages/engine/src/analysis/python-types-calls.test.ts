import { expect, test } from 'vitest';
import { callsText } from './testing/calls-text.ts';

test('Python: what is only declared is called where nothing implements it', async () => {
  const text = `
from abc import ABC, abstractmethod
from typing import Protocol, overload
class Reader(Protocol):
    def read(self) -> str: ...
class Store(ABC):
    @abstractmethod
    def load(self):
        """Of whoever keeps it."""
    @abstractmethod
    def close(self):
        log()
class Disk(Store):
    def load(self):
        return super().load()
    def close(self):
        super().close()
class Lonely(Protocol):
    def run(self): ...
def log(): pass
@overload
def size(of: str) -> int: ...
def size(of): return len(of)
def main(store: Store, lonely: Lonely):
    store.load()
    store.close()
    lonely.run()
    size('x')
`;
  expect(await callsText({ 'main.py': text })).toMatchInlineSnapshot(`
    "
    main -> <external>.abc.abstractmethod main.py:10
    main -> <external>.abc.abstractmethod main.py:7
    main -> <external>.typing.overload main.py:21
    main.Disk.close -> <builtin>.super main.py:17
    main.Disk.close -> main.Store.close main.py:17
    main.Disk.load -> <builtin>.super main.py:15
    main.Disk.load -> main.Store.load main.py:15
    main.Store.close -> main.log main.py:12
    main.main -> main.Disk.load main.py:25 inferred
    main.main -> main.Lonely.run main.py:27
    main.main -> main.Store.close main.py:26 inferred
    main.main -> main.size main.py:28
    main.size -> <builtin>.len main.py:23
    "
  `);
});

test('Python: a stand-in of a test hides no declared type, a folder no module of the language, and what is kept is found', async () => {
  const files = {
    'app/__init__.py': '',
    'app/writer.py': `
import logging
from typing import List
class Writer:
    def line(self): pass
class Frames(List[Writer]):
    pass
def show(out: Writer):
    logging.info('x')
    out.line()
def each(frames: Frames):
    for frame in frames:
        frame.line()
`,
    'test_app.py': `
from app.writer import show
class Mock:
    def line(self): pass
show(Mock())
`,
    'examples/__init__.py': '',
    'logging/readme/data.py': 'x = 1\n',
    'app/kept/__init__.py': '',
    'app/kept/pool/__init__.py': '',
    'app/kept/pool/base.py': `
class Pool:
    def get(self): pass
`,
    'app/kept/pool/more.py': `
from pool.base import Pool
class More(Pool):
    def get(self):
        return super().get()
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    app.kept.pool.more.More.get -> <builtin>.super app/kept/pool/more.py:5
    app.kept.pool.more.More.get -> app.kept.pool.base.Pool.get app/kept/pool/more.py:5
    app.writer.each -> ? frame.line app/writer.py:13
    app.writer.show -> <external>.logging.info app/writer.py:9
    app.writer.show -> app.writer.Writer.line app/writer.py:10 inferred
    app.writer.show -> test_app.Mock.line app/writer.py:10 inferred
    test_app -> app.writer.show test_app.py:5
    "
  `);
});

test('Python: in the body of isinstance a value of which nothing is known is of the type, and not after it', async () => {
  const text = `
class Failure:
    def show(self): pass
class Child(Failure):
    def show(self): pass
def main(error, outer):
    if isinstance(error, Failure) and error:
        error.show()
    error.show()
    if isinstance(outer.value, Failure):
        return outer.value.show()
    outer.value.show()
def known():
    child = Child()
    if isinstance(child, Failure):
        child.show()
`;
  expect(await callsText({ 'main.py': text })).toMatchInlineSnapshot(`
    "
    main.known -> <builtin>.isinstance main.py:15
    main.known -> main.Child.show main.py:16
    main.main -> <builtin>.isinstance main.py:10
    main.main -> <builtin>.isinstance main.py:7
    main.main -> ? error.show main.py:9
    main.main -> ? outer.value.show main.py:12
    main.main -> main.Failure.show main.py:11 inferred
    main.main -> main.Failure.show main.py:8 inferred
    "
  `);
});

test('Python: a property is sure only where all that is read from has it', async () => {
  const text = `
class Graph:
    @property
    def adj(self): return {}
    @property
    def size(self): return 1

class Directed(Graph):
    @property
    def adj(self): return []

class Plain:
    def __init__(self): self.size = 2

def read(g):
    g.adj
    g.size

def both(g):
    return g.size

def own():
    return Graph().adj

read(Graph())
read(Directed())
both(Graph())
both(Plain())
`;
  expect(await callsText({ 'graph.py': text })).toMatchInlineSnapshot(`
    "
    graph -> graph.Plain.__init__ graph.py:28
    graph -> graph.both graph.py:27
    graph -> graph.both graph.py:28
    graph -> graph.read graph.py:25
    graph -> graph.read graph.py:26
    graph.both -> graph.Graph.size graph.py:20 inferred
    graph.own -> graph.Graph.adj graph.py:23
    graph.read -> graph.Directed.adj graph.py:16 inferred
    graph.read -> graph.Graph.adj graph.py:16 inferred
    graph.read -> graph.Graph.size graph.py:17
    "
  `);
});

test('Python: in a class body a name means what is outside until the body has bound it', async () => {
  const files = {
    'm.py': `def validator(pre):
    return lambda f: f
def make(x):
    return x
class A:
    @validator(True)
    def validator(cls, v):
        return v
    make = make(1)
    kept = validator
class B:
    if make:
        make = make(2)
    class Inner:
        make = make(3)
`,
  };
  expect(await callsText(files)).toMatchInlineSnapshot(`
    "
    m -> m.make m.py:13
    m -> m.make m.py:15
    m -> m.make m.py:9
    m -> m.validator m.py:6
    m -> m.validator.<anonymous:2> m.py:6
    "
  `);
});
