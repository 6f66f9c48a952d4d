import { describe, expect, it } from 'vitest';
import { indexed } from '../testing/open-workspace.ts';

const FILES = {
  'src/store.ts':
    'export function load() {\n  return 1;\n}\n\nexport function save() {\n  return load();\n}\n',
  'src/read.ts': "import { load } from './store';\n\nexport const x = 1;\nexport const y = load();\n",
};

describe('a place that is asked about', () => {
  it('is found however it is written', async () => {
    const workspace = await indexed(FILES);
    for (const place of [
      'src/store.ts:2',
      './src/store.ts:1-3',
      'src\\store.ts:2',
      'src/store.ts:2:3',
      'src/store.ts#L1-L3',
      'src/store.ts(2,3)',
      'src/store.ts line 2',
    ]) {
      const callers = await workspace.relations({ relation: 'callers', name: place });
      expect([place, callers.targets.map(({ name }) => name)]).toEqual([place, ['load']]);
      expect((await workspace.impact({ target: place })).targets.map(({ name }) => name)).toEqual(['load']);
      expect((await workspace.analyze({ target: place })).subjects.map(({ name }) => name)).toEqual(['load']);
      expect((await workspace.related({ target: place })).target.name).toMatch(/^src\/store\.ts:[12]-/);
      const like = await workspace.search({ query: '', like: place, limit: 1 });
      expect(like.hits.map(({ symbol }) => symbol)).not.toContain('load');
    }
  });

  it('and is not there is said so: lines that a file does not have, files that are not indexed', async () => {
    const workspace = await indexed(FILES);
    const asks = (place: string) => [
      workspace.relations({ relation: 'callers', name: place }),
      workspace.impact({ target: place }),
      workspace.analyze({ target: place }),
      workspace.related({ target: place }),
    ];
    for (const place of ['src/store.ts:999', 'src/store.ts:0', 'src/store.ts:6-3'])
      for (const ask of asks(place)) {
        await expect(ask).rejects.toMatchObject({ code: 'invalid_argument' });
        await expect(ask).rejects.toThrow(/^src\/store\.ts has no lines? .*: it has 7\.$/);
      }
    for (const place of ['src/storage.ts:3', 'lib/storage.ts']) {
      const [callers, impact, analysis, related] = asks(place);
      const gone = {
        state: 'none',
        candidates: [],
        notes: [expect.stringMatching(/^There is no indexed file/)],
      };
      expect([await callers, await impact]).toMatchObject([gone, gone]);
      await expect(analysis).rejects.toMatchObject({ code: 'path_not_found' });
      await expect(related).rejects.toMatchObject({ code: 'path_not_found' });
    }
    const alike = await workspace.relations({ relation: 'callers', name: 'lib/store.ts:2' });
    expect(alike.notes[0]).toContain('Perhaps src/store.ts?');
  });
});

const overloads = {
  'src/Chain.java': `class Chain {
  Chain() {}
  Chain(int size) { this(); }
  static void read(Chain next, Object message) {
    next.read(message);
    run(() -> next.read(message));
  }
  /**
   * Reads one.
   */
  private void read(Object message) { close(); }
  void close() {}
  void close(String why) { close(); }
  void close(Object why) {}
  static void run(Runnable what) {}
  static void all(Chain a) { Chain.read(a, "x"); a.close("y"); new Chain(1); }
}
`,
};

it('overloads of Java are apart: a line, also of a comment, means one, and a name all', async () => {
  const workspace = await indexed(overloads);
  const callers = async (name: string) => {
    const { items, targets } = await workspace.relations({ relation: 'callers', name });
    return `${targets.map(({ start }) => start)}: ${items.map(({ line, resolution }) => `${line} ${resolution}`).join(', ')}`;
  };
  expect(await callers('src/Chain.java:11')).toBe('11: 5 exact, 6 exact');
  expect(await callers('src/Chain.java:9')).toBe('11: 5 exact, 6 exact');
  expect(await callers('src/Chain.java:4')).toBe('4: 16 exact');
  expect(await callers('Chain.read')).toBe('4,11: 5 exact, 6 exact, 16 exact');
  // Of two with one parameter the type of the argument says which is meant.
  expect(await callers('src/Chain.java:13')).toBe('13: 16 exact');
  expect(await callers('src/Chain.java:14')).toBe('14: ');
  expect(await callers('Chain')).toBe('1: 3 exact, 16 exact, 16 exact');
});

describe('a name that is asked about', () => {
  it('may be qualified as its language has it, where files and folders of the id stand between', async () => {
    const workspace = await indexed({
      'net/dns/manager.go':
        'package dns\n\ntype Manager struct{}\n\nfunc (m *Manager) Set() {}\n\nfunc Set() {}\n',
      'src/sync/mpsc/bounded.rs':
        'pub struct Chan<T> { t: T }\nimpl<T> Chan<T> { pub fn send(&self) {} }\npub fn send() {}\n',
      'src/io/Channel.java': 'package io;\nclass Channel { class Unsafe { void bind() {} } }\n',
      'app/Http/Kernel.php': '<?php\nnamespace App\\Http;\nclass Kernel { function handle() {} }\n',
    });
    const ids = async (name: string) => {
      const { state, targets } = await workspace.relations({ relation: 'callers', name });
      return [name, state, ...targets.map(({ id }) => id)];
    };
    for (const [name, id] of [
      ['dns.(*Manager).Set', 'net.dns.manager.Manager.Set'],
      ['(*Manager).Set', 'net.dns.manager.Manager.Set'],
      ['dns.Manager.Set', 'net.dns.manager.Manager.Set'],
      ['net/dns/manager.go:Manager.Set', 'net.dns.manager.Manager.Set'],
      ['sync::mpsc::Chan::send', 'src.sync.mpsc.bounded.Chan.send'],
      ['mpsc::Chan::<T>::send', 'src.sync.mpsc.bounded.Chan.send'],
      ['io.Channel$Unsafe.bind()', 'src.io.Channel.Channel.Unsafe.bind'],
      ['Http\\Kernel::handle', 'app.Http.Kernel.Kernel.handle'],
    ] as const)
      expect(await ids(name)).toEqual([name, 'found', id]);
    expect(await ids('net/dns/manager.go::Set')).toEqual(['net/dns/manager.go::Set', 'several']);
    expect(await ids('mpsc.Set')).toEqual(['mpsc.Set', 'none']);
  });
});
