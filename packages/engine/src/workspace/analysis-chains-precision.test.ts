/** What labels by hand found wrong in chains of calls and in names that reports give, each as a small workspace: text in, claims out. */
import { expect, test } from 'vitest';
import { claimsTold } from '../testing/claims-told.ts';

test('who reads a property does not run what sets it', async () => {
  const files = {
    'frame.py': `import random
class Assign:
    def __init__(self, value):
        self.value = value
class Frame:
    @property
    def index(self):
        return 1
    @index.setter
    def index(self, value):
        self.kept = Assign(value)
        random.random()
`,
    'save.py': `from frame import Frame
def save():
    return Frame().index
`,
    'test_save.py': `from frame import Frame
def test_index():
    assert Frame().index == 1
`,
  };
  expect(await claimsTold(files, 'Assign', 'entry_points')).toEqual([]);
  expect(await claimsTold(files, 'Assign', 'tests')).toEqual([]);
  expect(await claimsTold(files, 'save', 'side_effects')).toEqual([]);
  expect(await claimsTold(files, 'Frame.index', 'call_graph')).toContain(
    '`Frame.index` calls `Assign.__init__`.',
  );
});

test('an overload does not call itself, and the types of what is given say which one is called', async () => {
  const files = {
    'src/Walk.java': `import java.io.File;
import java.util.jar.JarFile;
class Walk {
  static void each(JarFile jar) { each(jar, ""); }
  static void each(JarFile jar, String prefix) { named(jar); }
  static void named(JarFile jar) { jar.getName(); }
  static void each(File root, String name) { root.listFiles(); }
  static void all(File root) { each(root, "a"); }
}
`,
    'src/Main.java':
      'class Main { static void run(String name) throws Exception { Walk.each(new java.util.jar.JarFile(name)); } }\n',
  };
  expect(await claimsTold(files, 'Walk', 'side_effects')).toEqual([
    '`Walk.each` works with files by `root.listFiles`.',
  ]);
  expect(await claimsTold(files, 'Walk.all', 'side_effects')).toEqual([
    '`Walk.all` calls `Walk.each`, which works with files by `java.io.File.listFiles`.',
  ]);
  expect(await claimsTold(files, 'Main.run', 'side_effects')).toEqual([]);
  expect(await claimsTold(files, 'Walk.named', 'entry_points')).toContain(
    '`Main.run` calls `Walk.each`, which calls another `Walk.each`, which calls `Walk.named`.',
  );
});

test('what a runner does not run is a helper of tests', async () => {
  const files = {
    'go.mod': 'module a\n',
    'hash.go': 'package a\nfunc Hash(n int) int { return n }\n',
    'hash_test.go': `package a
import "testing"
func hashTwice(n int) int { return Hash(Hash(n)) }
func TestHash(t *testing.T) { hashTwice(1) }
func TestOne(t *testing.T) { Hash(1) }
`,
    'load.py': 'def load():\n    return 1\n',
    'test_load.py': `import pytest
from load import load
@pytest.fixture
def loaded():
    return load()
class TestLoad:
    def test_one(self):
        assert load() == 1
`,
  };
  expect(await claimsTold(files, 'Hash', 'tests')).toEqual([
    'Helper of tests: `hashTwice` calls `Hash`.',
    'Test: `TestOne` calls `Hash`.',
  ]);
  expect(await claimsTold(files, 'load', 'tests')).toEqual([
    'Helper of tests: `loaded` calls `load`.',
    'Test: `TestLoad.test_one` calls `load`.',
  ]);
});

test('a method of a class without a name is told by the class, and a variant of Rust is no class', async () => {
  const files = {
    'src/Settings.java': `class Settings {
  private static final Maker MAKER = new Maker() {
    public String make() { return System.getProperty("a.b"); }
  };
  interface Maker { String make(); }
}
`,
    'src/lib.rs': `pub enum When { Auto, Never }
pub mod inner {
    pub struct Held { pub a: u8 }
    pub fn held() -> Held { Held { a: 1 } }
}
`,
  };
  expect(await claimsTold(files, 'Settings', 'configuration')).toEqual([
    '`Settings.<anonymous:2>.make` reads the property `a.b` by `System.getProperty`.',
  ]);
  expect(await claimsTold(files, 'When', 'overview')).toContain(
    '`When` defines variant `Auto`, variant `Never`.',
  );
  expect((await claimsTold(files, 'src/lib.rs', 'overview')).join('\n')).not.toMatch(/variant `Held`/);
});

test('a conversion to a parameter of types and a predicate of cfg! are no calls', async () => {
  const files = {
    'go.mod': 'module a\n',
    'make.go': `package a
import "os"
type Locked struct{}
func make1[T *os.File | *Locked]() bool {
\t_, is := any(T(nil)).(*Locked)
\treturn is
}
`,
    'src/lib.rs': `pub fn is_unix(flag: bool) -> bool {
    if !cfg!(any(target_os = "netbsd", target_os = "openbsd")) && flag {
        return true;
    }
    missing(flag)
}
`,
  };
  expect(await claimsTold(files, 'make1', 'limitations')).toEqual([]);
  expect(await claimsTold(files, 'is_unix', 'limitations')).toEqual([
    'It is not known what `is_unix` calls by `missing`.',
  ]);
});

test('what is registered is not recorded, a lock of the output writes nothing, and a scope of threads waits', async () => {
  const files = {
    'go.mod': 'module a\n',
    'metrics.go': `package a
import "github.com/prometheus/client_golang/prometheus"
func register(c prometheus.Collector) { prometheus.MustRegister(c) }
`,
    'src/lib.rs': `use std::io;
use std::fs;
use std::thread;
pub fn lock_it() { let out = io::stdout().lock(); drop(out); }
pub fn is_empty(path: &str) -> bool {
    if let Ok(mut entries) = fs::read_dir(path) { entries.next().is_none() } else { false }
}
pub fn both() -> u8 { thread::scope(|scope| { scope.spawn(|| 1); 2 }) }
`,
  };
  expect(await claimsTold(files, 'register', 'side_effects')).toEqual([
    '`register` works with metrics by `prometheus.MustRegister`.',
  ]);
  expect(await claimsTold(files, 'lock_it', 'side_effects')).toEqual([]);
  expect(await claimsTold(files, 'is_empty', 'side_effects')).toEqual([
    '`is_empty` works with files by `fs::read_dir`.',
  ]);
  expect(await claimsTold(files, 'both', 'concurrency')).toEqual([
    '`both` waits for several at once or for others to end by `thread::scope`.',
  ]);
});

test('what a package hands to a function, and what tests alone hand in, is not told as of the package', async () => {
  const files = {
    'package.json': '{"name":"a","dependencies":{"visit":"1","logging":"1"}}',
    'link.js': `const visit = require('visit')
module.exports = function link(tree) {
  visit(tree, (node, ancestors) => {
    const parent = ancestors[0]
    parent.children.splice(0, 1)
  })
}
`,
    'stable.js': `module.exports = function stable(log) {
  return { process(docs) { log.trouble(docs) } }
}
`,
    'stable.spec.js': `const log = require('logging/mocks')
const stable = require('./stable')
it('works', () => stable(log).process([]))
`,
  };
  expect(await claimsTold(files, 'link', 'dependencies')).toEqual([
    '`link.js` imports `visit`.',
    '`link` calls `visit` of `visit`, which is outside the repository.',
  ]);
  expect(await claimsTold(files, 'stable.js', 'dependencies')).toEqual([]);
});

test('a command that is made starts no process, and a pattern of matches! is no call', async () => {
  const files = {
    'src/lib.rs': `use std::process::Command;
pub enum Kind { Plain(u8), Other }
pub fn prepared() -> Command { Command::new("x") }
pub fn given(c: &mut Command) { c.arg("z").stdin(1); }
pub fn chained() { Command::new("x").args(["y"]).current_dir("z").output().unwrap(); }
pub fn kept() { let mut c = Command::new("x"); c.arg("z"); c.status().unwrap(); }
pub fn through() { prepared().spawn().unwrap(); }
pub fn is_plain(kind: Kind) -> bool { matches!(kind, Kind::Plain(1)) }
`,
  };
  expect(await claimsTold(files, 'prepared', 'side_effects')).toEqual([]);
  expect(await claimsTold(files, 'given', 'side_effects')).toEqual([]);
  expect(await claimsTold(files, 'chained', 'side_effects')).toEqual([
    '`chained` starts, ends or signals processes by `Command::new().args().current_dir().output`.',
  ]);
  expect(await claimsTold(files, 'kept', 'side_effects')).toEqual([
    '`kept` starts, ends or signals processes by `c.status`.',
  ]);
  expect(await claimsTold(files, 'through', 'side_effects')).toEqual([
    '`through` starts, ends or signals processes by `std.process.Command.spawn`.',
  ]);
  expect((await claimsTold(files, 'is_plain', 'call_graph')).join('\n')).not.toContain('Plain`');
});
