/** What labels by hand found wrong in reports, each as a small workspace: text in, claims out. */
import { expect, test } from 'vitest';
import type { AnalysisSectionName } from '../model/analysis.ts';
import { indexed } from '../testing/open-workspace.ts';

async function told(
  files: Readonly<Record<string, string>>,
  target: string,
  name: AnalysisSectionName,
): Promise<string[]> {
  const workspace = await indexed(files);
  const { sections } = await workspace.analyze({ target });
  return (sections.find((one) => one.name === name)?.claims ?? []).map(({ text }) => text);
}

test('a call in another language, or with another type of Rust before it, is no possible caller', async () => {
  const files = {
    'src/printer.rs': `use outside::collector::*;
pub struct Printer { width: usize }
impl Printer {
    pub fn draw(width: usize) -> Printer { Printer { width } }
}
pub fn report() { FileContent::draw("a"); }
pub fn open<T: Draws>() { let x = anything!(); x.draw(1); }
`,
    'bench/page.js': 'export function page(tweens, i) { tweens[i].draw(1); }\n',
  };
  expect(await told(files, 'Printer.draw', 'limitations')).toEqual([
    'One call of something named `draw` could not be followed: if it means `Printer.draw`, its callers are more than are listed.',
  ]);
});

test('a method on what a function of a package gave is not told as of the package, and a type of its own is none outside', async () => {
  const files = {
    'Cargo.toml': '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n',
    'src/lib.rs': 'pub mod error;\npub mod load;\n',
    'src/error.rs': `use thiserror::Error;
#[derive(Error, Debug)]
pub enum Error { Unknown(String) }
`,
    'src/load.rs': `use crate::error::*;
use semver::Version;
use tempfile::tempdir;
pub fn load_all(name: &str) -> Result<String, Error> {
    let dir = tempdir().unwrap();
    let made = Version::parse(name).ok();
    Err(Error::Unknown(name.to_owned()))
}
`,
  };
  expect(await told(files, 'load_all', 'dependencies')).toEqual([
    '`load_all` calls `tempdir` of `tempfile`, which is outside the repository.',
    '`load_all` calls `parse` of `semver.Version`, which is outside the repository.',
  ]);
});

test('`?` gives None back where there is no error', async () => {
  const files = {
    'src/a.rs': `use std::path::Path;
pub fn parent(path: &Path) -> Option<&Path> { let up = path.parent()?; Some(up) }
pub fn read(path: &Path) -> Result<String, std::io::Error> { let text = std::fs::read_to_string(path)?; Ok(text) }
`,
  };
  expect(await told(files, 'parent', 'error_handling')).toEqual([
    '`parent` gives back `None` where `path.parent` has no value.',
  ]);
  expect(await told(files, 'read', 'error_handling')).toEqual([
    '`read` gives on the error of `std::fs::read_to_string`.',
  ]);
});

test('a field of a class is no top-level code, and an annotation of Java is an interface', async () => {
  const files = {
    'src/A.java':
      'class A {\n  static class B {\n    private volatile boolean done;\n    void stop() { done = true; }\n  }\n}\n',
    'src/Marks.java':
      'public @interface Marker {\n  String value();\n  boolean exact()\n    default false;\n}\n',
  };
  expect(await told(files, 'A.B', 'concurrency')).toEqual([
    'The body of `A.B` shares a value between threads: `private volatile boolean done;`.',
  ]);
  expect((await told(files, 'Marker', 'overview'))[0]).toContain('is an interface of 5 lines');
});

test('what an interface of TypeScript declares is not asked for as what may run', async () => {
  const shape = (name: string) => `export class ${name} implements Shape { draw() { return '${name}'; } }\n`;
  const files = {
    'src/shape.ts': `export interface Shape { draw(): string }\n${shape('One')}${shape('Two')}`,
    'src/paint.ts': `import { One, type Shape, Two } from './shape.js';
export function paint(shape: Shape) { return shape.draw(); }
paint(new One());
paint(new Two());
`,
  };
  const questions = await told(files, 'paint', 'open_questions');
  expect(questions.join()).toContain('`One.draw`, `Two.draw`');
  expect(questions.join()).not.toContain('`Shape.draw`');
});

test('functions without a name are not told by the name of one of them', async () => {
  const files = {
    'a.ts': `const all = [() => 1,
() => 2,
() => 3,
() => 4,
];
export function run(i: number) { return all[i](); }
`,
  };
  const claims = await told(files, 'run', 'call_graph');
  expect(claims.filter((claim) => claim.includes('without a name'))).toEqual([
    '`run` calls one of up to 4 functions without a name: which one is not known.',
  ]);
});

test('what a decorator gives back is no decorator', async () => {
  const files = {
    'a.py':
      'import functools\ndef guarded(method):\n    @functools.wraps(method)\n    def wrapper(*args):\n        return method(*args)\n    return wrapper\n',
  };
  expect(await told(files, 'guarded', 'patterns')).toEqual([
    '`guarded.wrapper` has the form of a wrapper of another function: it is decorated with `functools.wraps`.',
  ]);
});

test('choices of one name are told apart by their files', async () => {
  const messenger = (base: string) =>
    `import { Base } from './base.js';\nexport class Messenger extends Base { send() { return '${base}'; } }\n`;
  const files = {
    'src/base.ts': "export class Base { send() { return 'base'; } }\n",
    'src/local.ts': messenger('local'),
    'src/remote.ts': messenger('remote'),
    'src/start.ts': `import { Messenger as Local } from './local.js';
import { Messenger as Remote } from './remote.js';
export function begin(isLocal: boolean) {
  const messenger = isLocal ? new Local() : new Remote();
  return messenger.send();
}
`,
  };
  expect(await told(files, 'begin', 'open_questions')).toEqual([
    'Which method runs there, called from `begin`: `Messenger.send` in `src/local.ts`, `Messenger.send` in `src/remote.ts`, or another?',
  ]);
});

test('a handler whose every branch throws throws', async () => {
  const files = {
    'a.py':
      'def read(line):\n    try:\n        return int(line)\n    except ValueError:\n        if line:\n            raise KeyError(line)\n        else:\n            raise EOFError()\n',
    'b.ts':
      'export function load(x: string) {\n  try { return JSON.parse(x); } catch (e) {\n    if (x) { throw e; } else if (e) { console.log(x); } else throw new Error(x);\n  }\n}\n',
  };
  expect((await told(files, 'read', 'error_handling')).join(' ')).toContain(
    '`read` catches `ValueError` and throws at the end of the handler.',
  );
  expect((await told(files, 'load', 'error_handling')).join(' ')).toContain('throws in some cases');
});

test('what is asked of a list of files reads none, and a receiver that is overwritten is no field', async () => {
  const files = {
    'go.mod': 'module a\n',
    'size.go': `package a
type Size int64
func (s *Size) Parse(text string) error {
\tparsed := Size(len(text))
\t*s = parsed
\treturn nil
}
`,
    'release.js': `const fs = require('node:fs')
const packages = fs.readdirSync('packages').filter((name) => name !== 'x')
function isCore(name) {
  return packages.includes(
    name.replace('@vue/', ''),
  )
}
`,
    'src/lib.rs': `use pin_project_lite::pin_project;
use futures_io::AsyncRead;
pub struct Compat { inner: u8 }
impl AsyncRead for Compat {
    fn poll_read(self: Pin<&mut Self>) -> u8 {
        let held = self.project().inner;
        held
    }
}
`,
  };
  expect(await told(files, 'Size.Parse', 'state')).toEqual([
    '`Size.Parse` writes what it is called on, `*s`.',
  ]);
  expect(await told(files, 'isCore', 'side_effects')).toEqual([]);
  expect(await told(files, 'Compat.poll_read', 'dependencies')).toEqual([]);
});

test('a package has what is imported of it, by the whole of its members, and not what its functions give', async () => {
  const files = {
    'go.mod': 'module a\n',
    'get.go': `package a
import "net/http"
func fetchAll(url string) string {
\tresponse, _ := http.NewRequest("GET", url, nil)
\treturn http.NewRequest("GET", url, nil).Header.Get("x") + response.Proto
}
`,
    'base.py': 'from cleo.command import Command\nclass Base(Command):\n    pass\n',
    'remove.py': `from requests import get
from base import Base
class Remove(Base):
    def handle(self, url):
        get(url).json()
        if self.io.is_verbose():
            return self.argument("x")
`,
  };
  expect(await told(files, 'fetchAll', 'dependencies')).toEqual([
    '`fetchAll` calls `NewRequest` of `net/http`, which is outside the repository.',
  ]);
  expect(await told(files, 'Remove.handle', 'dependencies')).toEqual([
    '`Remove.handle` calls `get` of `requests`, which is outside the repository.',
    '`Remove.handle` calls `io.is_verbose`, `argument` of `cleo.command.Command`, which is outside the repository.',
  ]);
});

test('a bare call means no method, and a call of a member no function of Go or Rust, unless somebody passes them on', async () => {
  const files = {
    'go.mod': 'module a\n',
    'open.go': 'package a\nfunc Open() {}\nfunc run(x any) { x.Open() }\n',
    'a.py':
      'class Store:\n    def load(self): pass\n    def save(self): pass\ndef run(load, store):\n    load()\n    store.save()\n',
  };
  expect(await told(files, 'Open', 'limitations')).toEqual([]);
  expect(await told(files, 'Store.load', 'limitations')).toEqual([]);
  expect(await told(files, 'Store.save', 'limitations')).toEqual([
    'One call of something named `save` could not be followed: if it means `Store.save`, its callers are more than are listed.',
  ]);
});

test('an arm of Rust that gives another error back does not handle it', async () => {
  const files = {
    'src/a.rs': `pub fn load(x: Result<u8, String>) -> Result<u8, String> {
    match x {
        Ok(v) => Ok(v),
        Err(e) => Err(format!("load: {e}")),
    }
}
`,
  };
  expect(await told(files, 'load', 'error_handling')).toContain(
    '`load`: where the result is `Err(e)`, it gives an error back.',
  );
});

test('a part of a line of a file works with no file, a test names only what is sure, and `path_tests` of Rust are tests', async () => {
  const files = {
    'authors.py': `import fileinput
def author(line):
    name, mail = line.strip().rsplit(None, 1)
    return name
def missing():
    return [author(line) for line in fileinput.input()]
`,
    'canvas.py': `class Chain:
    def run(self): return 1
class Chord:
    def run(self): return 2
`,
    'test_canvas.py': `from canvas import Chain, Chord
def test_run(flag):
    one = Chain() if flag else Chord()
    one.run = one.run
`,
    'src/a.rs': `pub fn dirname() -> u8 { 1 }
#[cfg(test)]
mod path_tests {
    use super::*;
    #[test]
    fn root() { dirname(); }
}
`,
  };
  expect(await told(files, 'author', 'side_effects')).toEqual([]);
  expect((await told(files, 'Chain.run', 'tests')).join()).not.toContain('name');
  expect(await told(files, 'dirname', 'entry_points')).toEqual([]);
  expect(await told(files, 'dirname', 'tests')).toEqual(['Test: `path_tests.root` calls `dirname`.']);
});

test('what prepares an effect is none, and a class without a name is no function', async () => {
  const files = {
    'go.mod': 'module a\n',
    'page.go': `package a
import "os/exec"
func page() error {
\tcommand := exec.Command("less")
\t_, err := command.StdinPipe()
\treturn err
}
`,
    'log.py': `import logging
class Colors(logging.Formatter):
    def formatException(self, info):
        return super().formatException(info)
`,
    'src/a.rs':
      'use std::fs::File;\npub fn is_shown() -> bool { std::io::stderr().is_terminal() }\npub fn open_all(p: &str) -> R { let f = File::open(p).with_context(|| p)?; f }\n',
    'src/A.java': `import java.util.Comparator;
class A {
  void sort() { use(new Comparator<String>() {
      public int compare(String a, String b) { return 0; }
  }); }
}
`,
  };
  expect(await told(files, 'page', 'side_effects')).toEqual([]);
  expect(await told(files, 'Colors.formatException', 'side_effects')).toEqual([]);
  expect(await told(files, 'is_shown', 'side_effects')).toEqual([]);
  expect(await told(files, 'open_all', 'side_effects')).toEqual([
    '`open_all` works with files by `File::open`.',
  ]);
  expect((await told(files, 'A.sort', 'call_graph')).join(' ')).toContain(
    '`A.sort` calls the class without a name at line 3 of `A.sort`.',
  );
});

test('a method of a class that nobody makes, and that classes below have too, may be called', async () => {
  const files = {
    'connection.ts': `export abstract class Connection { run(): string { return 'any'; } close(): void {} }
export class Local extends Connection { override run(): string { return 'local'; } }
`,
    'schema.ts': `import type { Connection } from './connection.ts';
export function read(connection: Connection) { connection.close(); return connection.run(); }
`,
  };
  const claims = await told(files, 'read', 'call_graph');
  expect(claims).toContain('`read` may call `Connection.run`.');
  expect(claims).toContain('`read` calls `Connection.close`.');
});

test('what a class defines and overrides is cited where its name stands, not at an annotation', async () => {
  const workspace = await indexed({
    'src/Base.java': 'public interface Base {\n  void run();\n}\n',
    'src/A.java':
      'public class A implements Base {\n  @Override\n  @Deprecated\n  public void run() {}\n  void stop() {}\n}\n',
    'go.mod': 'module a\n',
    'a.go': 'package a\ntype Server struct{}\n',
    'b.go': 'package a\nfunc (s *Server) Leafz() {}\n',
  });
  const overview = async (target: string) =>
    (await workspace.analyze({ target, include: ['overview'] })).sections[0]?.claims ?? [];
  const lines = async (target: string) =>
    (await overview(target)).map(({ text, evidence }) => `${text} ${evidence.map(({ start }) => start)}`);
  expect(await lines('A')).toContain('`A` defines method `run`, method `stop`. 4,5');
  expect(await lines('A.run')).toContain('`A.run` takes the place of `Base.run`. 4');
  expect(await lines('Base.run')).toContain('`A.run` takes the place of `Base.run`. 2');
  expect((await lines('Server.Leafz'))[0]).toContain('is a method of 1 line');
});

test('what a type of TypeScript says of a function is called as what it declares', async () => {
  const files = {
    'shape.ts': `export interface Shape { draw(): string; change: (to: string) => void }
export function paint(shape: Shape) { shape.change('red'); return shape.draw(); }
`,
  };
  const claims = await told(files, 'paint', 'call_graph');
  expect(claims.filter((claim) => claim.includes('Shape.')).join()).not.toMatch(/calls? `Shape/);
  expect(claims.join()).toContain('what `Shape.draw` declares');
});

test('what a chain over several lines calls and does is told once, where its name stands', async () => {
  const files = {
    'query.ts': `import { readFileSync } from 'node:fs';
class Query {
  where(by: (row: number) => boolean) { return this; }
}
export function find() { return new Query(); }
export function run() {
  return find()
    .where((row) => row > 1);
}
export function load(names: string[]) {
  return names
    .map((name) =>
      readFileSync(name));
}
`,
  };
  const workspace = await indexed(files);
  const { sections } = await workspace.analyze({ target: 'run', include: ['call_graph'] });
  const cited = sections[0]?.claims.map(
    ({ text, evidence }) => `${text} ${evidence.map(({ start }) => start)}`,
  );
  expect(cited).toEqual(expect.arrayContaining(['`run` calls `find`. 7', '`run` calls `Query.where`. 8']));
  const effects = await told(files, 'load', 'side_effects');
  expect(effects.filter((claim) => claim.includes('readFileSync'))).toHaveLength(1);
});

test('what only prepares or has ended is no effect, and a thread runs once it is started', async () => {
  const files = {
    'go.mod': 'module a\n',
    'run.go': `package a

import (
	"errors"
	"os/exec"
)

func Run(name string) int {
	err := exec.Command(name).Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 0
}
`,
    'store.py': `import threading
from pymongo import MongoClient
from pymongo.binary import Binary
def pack(payload):
    return Binary(payload)
def start(work):
    thread = threading.Thread(target=work)
    thread.start()
    return MongoClient()
`,
    'Plugins.java': `import java.net.URL;
class Plugins {
  void read(URL resource) throws Exception {
    Thread reader = new Thread(() -> {});
    reader.start();
    resource.openStream();
  }
}
`,
  };
  const effects = async (target: string) => (await told(files, target, 'side_effects')).join('\n');
  expect(await effects('Run')).toMatch(/starts, ends or signals processes by `exec.Command\(\).Run`/);
  expect(await effects('Run')).not.toContain('ExitCode');
  expect(await effects('pack')).toBe('');
  expect(await effects('start')).toContain('talks to a database by `MongoClient`');
  expect(await effects('Plugins.read')).toContain(
    'opens a URL, of the network or of a file, by `resource.openStream`',
  );
  const starts = (claims: readonly string[]) => claims.filter((claim) => claim.includes('starts work'));
  expect(starts(await told(files, 'start', 'concurrency'))).toEqual([
    '`start` starts work that runs beside it: `thread.start`.',
  ]);
  expect(starts(await told(files, 'Plugins.read', 'concurrency'))).toEqual([
    '`Plugins.read` starts work that runs beside it: `reader.start`.',
  ]);
});

test('what a pointer leads to is written and not the pointer, `_` is nothing, and a function without a name no method', async () => {
  const files = {
    'go.mod': 'module a\n',
    'list.go': `package a

type List struct{ value *[]string }

func (l *List) Add(item string) {
	*l.value = append(*l.value, item)
}

func Make(out *int) func() error {
	var read func() (int, error)
	return func() error {
		_, _ = read()
		*out = 1
		return nil
	}
}
`,
  };
  expect(await told(files, 'List.Add', 'state')).toEqual([
    '`List.Add` writes what the field `l.value` points to.',
  ]);
  expect(await told(files, 'Make', 'state')).toEqual([
    'A nested function of `Make` writes what the variable of the function around it `out` points to.',
  ]);
  expect(await told(files, 'Make.<anonymous:11>', 'overview')).toEqual([
    'The function at line 11 of `Make` is a function of 5 lines in `list.go`.',
  ]);
});

test('each function of a package that is named is cited', async () => {
  const files = {
    'page.ts': `import { html, css, For, Show } from 'solid-page';
export function page(a: string) {
  html(a);
  html(a + a);
  html(a + 'b');
  css(a);
  css(a + 'c');
  For(a);
  Show(a);
}
`,
  };
  const workspace = await indexed(files);
  const { sections } = await workspace.analyze({ target: 'page', include: ['dependencies'] });
  const cited = sections[0]?.claims.map(
    ({ text, evidence }) => `${text} ${evidence.map(({ start }) => start)}`,
  );
  expect(cited).toContain(
    '`page` calls `html`, `css`, `For`, `Show` of `solid-page`, which is outside the repository. 3,6,8,9',
  );
});
