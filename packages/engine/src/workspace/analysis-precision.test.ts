/** What labels by hand found wrong in reports, each as a small workspace: text in, claims out. */
import { expect, test } from 'vitest';
import { claimsTold } from '../testing/claims-told.ts';
import { indexed } from '../testing/open-workspace.ts';

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
  expect(await claimsTold(files, 'Printer.draw', 'limitations')).toEqual([
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
  expect(await claimsTold(files, 'load_all', 'dependencies')).toEqual([
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
  expect(await claimsTold(files, 'parent', 'error_handling')).toEqual([
    '`parent` gives back `None` where `path.parent` has no value.',
  ]);
  expect(await claimsTold(files, 'read', 'error_handling')).toEqual([
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
  expect(await claimsTold(files, 'A.B', 'concurrency')).toEqual([
    'The body of `A.B` shares a value between threads: `private volatile boolean done;`.',
  ]);
  expect((await claimsTold(files, 'Marker', 'overview'))[0]).toContain('is an interface of 5 lines');
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
  const questions = await claimsTold(files, 'paint', 'open_questions');
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
  const claims = await claimsTold(files, 'run', 'call_graph');
  expect(claims.filter((claim) => claim.includes('without a name'))).toEqual([
    '`run` calls one of up to 4 functions without a name: which one is not known.',
  ]);
});

test('what a decorator gives back is no decorator', async () => {
  const files = {
    'a.py':
      'import functools\ndef guarded(method):\n    @functools.wraps(method)\n    def wrapper(*args):\n        return method(*args)\n    return wrapper\n',
  };
  expect(await claimsTold(files, 'guarded', 'patterns')).toEqual([
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
  expect(await claimsTold(files, 'begin', 'open_questions')).toEqual([
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
  expect((await claimsTold(files, 'read', 'error_handling')).join(' ')).toContain(
    '`read` catches `ValueError` and throws at the end of the handler.',
  );
  expect((await claimsTold(files, 'load', 'error_handling')).join(' ')).toContain('throws in some cases');
});

test('a bare call means no method, and a call of a member no function of Go or Rust, unless somebody passes them on', async () => {
  const files = {
    'go.mod': 'module a\n',
    'open.go': 'package a\nfunc Open() {}\nfunc run(x any) { x.Open() }\n',
    'a.py':
      'class Store:\n    def load(self): pass\n    def save(self): pass\ndef run(load, store):\n    load()\n    store.save()\n',
  };
  expect(await claimsTold(files, 'Open', 'limitations')).toEqual([]);
  expect(await claimsTold(files, 'Store.load', 'limitations')).toEqual([]);
  expect(await claimsTold(files, 'Store.save', 'limitations')).toEqual([
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
  expect(await claimsTold(files, 'load', 'error_handling')).toContain(
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
  expect(await claimsTold(files, 'author', 'side_effects')).toEqual([]);
  expect((await claimsTold(files, 'Chain.run', 'tests')).join()).not.toContain('name');
  expect(await claimsTold(files, 'dirname', 'entry_points')).toEqual([]);
  expect(await claimsTold(files, 'dirname', 'tests')).toEqual(['Test: `path_tests.root` calls `dirname`.']);
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
  const claims = await claimsTold(files, 'read', 'call_graph');
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
  const claims = await claimsTold(files, 'paint', 'call_graph');
  expect(claims.filter((claim) => claim.includes('Shape.')).join()).not.toMatch(/calls? `Shape/);
  expect(claims.join()).toContain('what `Shape.draw` declares');
});
