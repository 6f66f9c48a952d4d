/** What labels by hand found wrong in what reports say of effects and of state, each as a small workspace: text in, claims out. */
import { expect, test } from 'vitest';
import { claimsTold } from '../testing/claims-told.ts';
import { indexed } from '../testing/open-workspace.ts';

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
  expect(await claimsTold(files, 'Size.Parse', 'state')).toEqual([
    '`Size.Parse` writes what it is called on, `*s`.',
  ]);
  expect(await claimsTold(files, 'isCore', 'side_effects')).toEqual([]);
  expect(await claimsTold(files, 'Compat.poll_read', 'dependencies')).toEqual([]);
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
  expect(await claimsTold(files, 'fetchAll', 'dependencies')).toEqual([
    '`fetchAll` calls `NewRequest` of `net/http`, which is outside the repository.',
  ]);
  expect(await claimsTold(files, 'Remove.handle', 'dependencies')).toEqual([
    '`Remove.handle` calls `get` of `requests`, which is outside the repository.',
    '`Remove.handle` calls `io.is_verbose`, `argument` of `cleo.command.Command`, which is outside the repository.',
  ]);
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
  expect(await claimsTold(files, 'page', 'side_effects')).toEqual([]);
  expect(await claimsTold(files, 'Colors.formatException', 'side_effects')).toEqual([]);
  expect(await claimsTold(files, 'is_shown', 'side_effects')).toEqual([]);
  expect(await claimsTold(files, 'open_all', 'side_effects')).toEqual([
    '`open_all` works with files by `File::open`.',
  ]);
  expect((await claimsTold(files, 'A.sort', 'call_graph')).join(' ')).toContain(
    '`A.sort` calls the class without a name at line 3 of `A.sort`.',
  );
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
  const effects = await claimsTold(files, 'load', 'side_effects');
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
  const effects = async (target: string) => (await claimsTold(files, target, 'side_effects')).join('\n');
  expect(await effects('Run')).toMatch(/starts, ends or signals processes by `exec.Command\(\).Run`/);
  expect(await effects('Run')).not.toContain('ExitCode');
  expect(await effects('pack')).toBe('');
  expect(await effects('start')).toContain('talks to a database by `MongoClient`');
  expect(await effects('Plugins.read')).toContain(
    'opens a URL, of the network or of a file, by `resource.openStream`',
  );
  const starts = (claims: readonly string[]) => claims.filter((claim) => claim.includes('starts work'));
  expect(starts(await claimsTold(files, 'start', 'concurrency'))).toEqual([
    '`start` starts work that runs beside it: `thread.start`.',
  ]);
  expect(starts(await claimsTold(files, 'Plugins.read', 'concurrency'))).toEqual([
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
  expect(await claimsTold(files, 'List.Add', 'state')).toEqual([
    '`List.Add` writes what the field `l.value` points to.',
  ]);
  expect(await claimsTold(files, 'Make', 'state')).toEqual([
    'A nested function of `Make` writes what the variable of the function around it `out` points to.',
  ]);
  expect(await claimsTold(files, 'Make.<anonymous:11>', 'overview')).toEqual([
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
