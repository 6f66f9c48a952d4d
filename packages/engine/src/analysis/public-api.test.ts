/** Which names of a repository others can use: files in, `symbol: reason` out, through the public door. */
import { expect, it } from 'vitest';
import { indexed } from '../testing/open-workspace.ts';

async function publicNames(files: Readonly<Record<string, string>>, target: string): Promise<string[]> {
  const workspace = await indexed(files);
  const { publicNames: names } = await workspace.impact({ target });
  return names.map(({ symbol, because, isChanged }) => `${isChanged ? '' : '… '}${symbol}: ${because}`);
}

it('Python packages offer what their __init__ names, as far as it is not private', async () => {
  const files = {
    'pkg/__init__.py': 'from .core import run, _hidden\n',
    'pkg/core.py': 'def run():\n    _hidden()\n\ndef _hidden():\n    helper()\n\ndef helper():\n    pass\n',
    'pkg/_own/__init__.py': 'from ..core import helper\n',
    'tests/__init__.py': 'from pkg.core import helper\n',
  };
  expect(await publicNames(files, 'pkg.core.helper')).toEqual([
    '… pkg.core.run: handed on by pkg/__init__.py:1',
  ]);
});

it('packages of JavaScript offer what their manifest leads to, through barrels, also from a build folder', async () => {
  const files = {
    'lib/package.json': '{"exports": {".": "./dist/index.js", "./extra": "./src/extra.js"}, "main": 7}',
    'lib/src/index.ts': "export * from './parts/index.ts'\nimport { unused } from './hidden.ts'\nunused()\n",
    'lib/src/parts/index.ts': "export {\n  load,\n} from '../load.ts'\n",
    'lib/src/load.ts':
      'export function load() { read() }\nexport function other() {}\nfunction read() { unusedToo() }\nfunction unusedToo() {}\n',
    'lib/src/hidden.ts': 'export function unused() {}\n',
    'lib/src/extra.js':
      "import { load } from './load.ts'\nexport class Extra { go() { load() } #own() { load() } }\n",
    'lib/node_modules/x/package.json': '{"main": "../../src/hidden.ts"}',
    'bad/package.json': 'no json',
  };
  expect(await publicNames(files, 'unusedToo')).toEqual([
    '… lib.src.load.load: handed on by lib/src/parts/index.ts:2',
    '… lib.src.extra.Extra.go: exported by lib/src/extra.js',
  ]);
  expect(await publicNames(files, 'lib.src.hidden.unused')).toEqual([]);
});

it('Go offers names with a capital outside internal folders', async () => {
  const files = {
    'go.mod': 'module example.org/m\n',
    'a/a.go': 'package a\n\nfunc Open() { shut() }\n\nfunc shut() {}\n',
    'internal/b/b.go': 'package b\n\nfunc Hide() {}\n',
  };
  expect(await publicNames(files, 'shut')).toEqual([
    expect.stringMatching(/^… .*Open: Open is public in a\/a\.go$/),
  ]);
  expect(await publicNames(files, 'Hide')).toEqual([]);
});
