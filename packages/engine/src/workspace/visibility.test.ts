/** What code outside the repository can name, as each language says it. Text in, answers out. */
import { expect, it } from 'vitest';
import type { Workspace } from '../engine.ts';
import { indexed } from '../testing/open-workspace.ts';

/** `file`: its text, names of what is exported, and of what is not. */
const CASES: Readonly<
  Record<string, readonly [text: string, open: readonly string[], closed: readonly string[]]>
> = {
  'a.go': [
    'package a\n\ntype Store struct{}\n\nfunc (s *Store) Put() {}\nfunc (s *Store) reload() {}\nfunc Open() {}\nfunc helper() {}\n',
    ['Put', 'Open'],
    ['reload', 'helper'],
  ],
  'a.php': [
    '<?php\nclass Worker {\n  public function run() {}\n  function plain() {}\n  protected function backoff() {}\n  private static function secret() {}\n}\n',
    ['run', 'plain'],
    ['backoff', 'secret'],
  ],
  'a.c': ['int evict(void) { return 0; }\nstatic int limit(void) { return 1; }\n', ['evict'], ['limit']],
  'a.rs': [
    'pub struct S;\nimpl S {\n    pub fn open(&self) {}\n    fn hidden(&self) {}\n    pub(crate) fn of_crate(&self) {}\n}\npub fn free() {}\nfn own() {}\npub trait T { fn asked(&self); }\n',
    ['open', 'free', 'asked'],
    ['hidden', 'of_crate', 'own'],
  ],
  'A.java': [
    'public class A {\n  @Deprecated("public") private int a() { return 1; }\n  public int b() { return 2; }\n  protected void c() {}\n  void d() {}\n}\ninterface I { void e(); }\n',
    ['b', 'e'],
    ['a', 'c', 'd'],
  ],
  'A.cs': [
    'public class A {\n  public void Open() {}\n  internal void Inside() {}\n  void Plain() {}\n}\ninterface I { void Asked(); }\n',
    ['Open', 'Asked'],
    ['Inside', 'Plain'],
  ],
  'a.kt': [
    'class A {\n  fun open() {}\n  private fun closed() {}\n  internal fun inside() {}\n}\n',
    ['open'],
    ['closed', 'inside'],
  ],
  'a.rb': [
    'class A\n  def open; end\n  def named; end\n  private :named\n\n  private\n\n  def closed; end\n\n  public\n\n  def again; end\nend\n',
    ['open', 'again'],
    ['named', 'closed'],
  ],
  'a.ts': [
    'export class A {\n  open() {}\n  private closed() {}\n  protected below() {}\n  #secret() {}\n  _own() {}\n}\nexport function free() {}\nfunction inner() {}\n',
    ['open', 'free'],
    ['closed', 'below', '#secret', '_own', 'inner'],
  ],
  'a.py': [
    'class A:\n    def open(self): pass\n    def _closed(self): pass\n\ndef _own(): pass\n',
    ['open'],
    ['_closed', '_own'],
  ],
};

it.each(Object.entries(CASES))('%s', async (path, [text, open, closed]) => {
  const workspace = await indexed({ [path]: text });
  const said: [string, boolean][] = [];
  for (const name of [...open, ...closed]) said.push([name, await isExported(workspace, name)]);
  expect(said).toEqual([...open.map((name) => [name, true]), ...closed.map((name) => [name, false])]);
});

/** By the note that warns of callers outside, and by the target itself. */
async function isExported(workspace: Workspace, name: string): Promise<boolean> {
  for (;;) {
    const { targets, notes, freshness } = await workspace.relations({ relation: 'callers', name, all: true });
    if (freshness.state !== 'fresh') continue;
    const [target] = targets;
    expect([name, notes.some((note) => note.includes('is exported'))]).toEqual([name, target?.isExported]);
    return target?.isExported === true;
  }
}
