import { describe, expect, it } from 'vitest';
import { cpuMs } from '../testing/cpu-time.ts';
import { namedPlaces } from './named-places.ts';

/** `path:start[-end][ symbol]`, one for each place. */
const found = (text: string): string =>
  namedPlaces(text)
    .map(
      ({ path, start, end, symbol }) =>
        `${path}:${start}${end === start ? '' : `-${end}`}${symbol === undefined ? '' : ` ${symbol}`}`,
    )
    .join(', ');

describe('lines that a text names', () => {
  it('are frames of traces, with the function that each is in', () => {
    expect(
      found(
        '  File "/srv/api/views.py", line 42, in get_user\n    x\n  File "C:\\app\\m.py", line 7, in <module>',
      ),
    ).toBe('srv/api/views.py:42 get_user, C:/app/m.py:7');
    expect(
      found(
        'at Router.match (/app/src/router.ts:10:5)\n at async handle (file:///s/b.mjs:3:1)\n at a.js:8:2',
      ),
    ).toBe('app/src/router.ts:10 match, s/b.mjs:3 handle, a.js:8');
    expect(
      found('\tat java.base/io.netty.Buf$Inner.readByte(Buf.java:120)\n\tat a.MainKt.main(Main.kt:3)'),
    ).toBe('io/netty/Buf.java:120 readByte, a/Main.kt:3 main');
    expect(
      found(
        'main.(*Server).handle(0xc000, {0x1, 0x2})\n\t/go/src/app/server.go:42 +0x1d\nmain.main()\n\tmain.go:9',
      ),
    ).toBe('go/src/app/server.go:42 handle, main.go:9 main');
    expect(
      found(
        "thread 'main' panicked at src/main.rs:4:5:\n   1: app::Store<T>::load\n             at ./src/lib.rs:9:1",
      ),
    ).toBe('src/main.rs:4, src/lib.rs:9 load');
    expect(
      found("app/models/user.rb:10:in `save'\nlib/a.rb:3:in 'Foo::Bar#go!'\nx.rb:4:in `block in each'"),
    ).toBe('app/models/user.rb:10 save, lib/a.rb:3 go, x.rb:4 each');
    expect(found('   at App.Server.Run(String a) in C:\\src\\App\\Server.cs:line 7')).toBe(
      'C:/src/App/Server.cs:7 Run',
    );
    expect(found('#0 /var/www/src/Kernel.php(33): App\\Foo->run()\nthrown in /var/www/a.php on line 4')).toBe(
      'var/www/src/Kernel.php:33, var/www/a.php:4',
    );
    expect(found('#1  0x00 in dictAdd (d=0x1, key=0x2) at src/dict.c:12')).toBe('src/dict.c:12 dictAdd');
  });

  it('are places as editors, compilers, web pages and people write them', () => {
    expect(found('src/a.ts:10-40 src/b.ts#L3-L9 c.ts(5,7): error TS1 d.go:4:2: undefined')).toBe(
      'src/a.ts:10-40, src/b.ts:3-9, c.ts:5, d.go:4',
    );
    expect(found('see sessions.py line 500, and in src/x.rs, lines 3 to 9')).toBe(
      'sessions.py:500, src/x.rs:3-9',
    );
  });

  it('are the first lines that the hunks of a diff change', () => {
    const diff = `--- a/src/a.py\n+++ b/src/a.py\n@@ -150,4 +150,4 @@ class A(object):\n   x\n   y\n-  z\n+  w\n@@ -9,2 +9,3 @@\n+new\n`;
    expect(found(diff)).toBe('src/a.py:152, src/a.py:9');
  });

  it('are none where nothing is named, or nonsense is', () => {
    expect(found('either/or 1:2 v1.2:3 at 10:30, foo.bar(3) a.ts:0 b.ts:9-3 a.ts')).toBe('foo.bar:3');
  });

  it('take linear time', () => {
    for (const unit of [
      'a.b:1 ',
      'a.b',
      '\\',
      '#0 (',
      'at a.a(',
      '1: a',
      '@@ -1 +1\n+',
      'a.b:1:in `a: ',
      '  at ',
    ]) {
      const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
      namedPlaces(unit.repeat(100));
      expect([unit, cpuMs(() => namedPlaces(text)) < 200]).toEqual([unit, true]);
    }
  });
});
