import { describe, expect, it } from 'vitest';
import { cpuMs } from '../testing/cpu-time.ts';
import { findMentions, lastName, looksLikeCode } from './mentions.ts';

/** `path:line` with `!` for those of a trace; then names after ` | `; then quoted texts after ` > `. */
function found(text: string): string {
  const { paths, names, quoted } = findMentions(text);
  const files = paths.map(
    ({ path, line, inTrace }) => `${path}${line === undefined ? '' : `:${line}`}${inTrace ? '!' : ''}`,
  );
  return `${files.join(' ')} | ${names.join(' ')}${quoted.length > 0 ? ` > ${quoted.join(' > ')}` : ''}`.trim();
}

describe('paths', () => {
  it('are found with folders, with a line, or by a usual extension', () => {
    const table = `
      look at src/app/main.ts please = src/app/main.ts |
      ./src/app/main.ts. = src/app/main.ts |
      src/app/main.ts:12 and lib/x.py:3:7 = src/app/main.ts:12 lib/x.py:3 |
      in cookie.test.ts, see = cookie.test.ts |
      (utils.go) = utils.go |
      @scope/pkg/index.js = @scope/pkg/index.js |
      /home/me/project/main.rs:9 = home/me/project/main.rs:9 |
      src/a.ts then src/a.ts:4 = src/a.ts:4 |
      a/b/c = a/b/c |
      either/or and I/O = |
      version 1.2.3 at 10.30 = |
      e.g. this, i.e. that = | e.g i.e
      https://example.com/docs/page.html = |
      http://localhost:3000/api/v1/users.json = |
      //cdn.example.com/lib/x.js = |
      src/ = |
      Dockerfile.prod:3 = Dockerfile.prod:3 | Dockerfile.prod`;
    for (const line of table.trim().split('\n')) {
      const [text = '', expected = ''] = line.trim().split(/ = ?/);
      expect(`${text} = ${found(text)}`).toBe(`${text} = ${expected.trim() || '|'}`);
    }
  });

  it('are bounded in number and length', () => {
    const many = Array.from({ length: 1000 }, (_, i) => `src/f${i}.ts`).join(' ');
    expect(findMentions(many).paths).toHaveLength(200);
    expect(findMentions(`${'deep/'.repeat(500)}x.ts`).paths).toEqual([]);
  });
});

describe('stack traces', () => {
  it('of Python', () => {
    const trace = `Traceback (most recent call last):
      File "/srv/app/api/views.py", line 42, in get_user
        return load(id)
      File "C:\\app\\models.py", line 7, in <module>
      KeyError: 'id'`;
    expect(found(trace)).toMatch(/^srv\/app\/api\/views.py:42! C:\/app\/models.py:7! \| get_user KeyError/);
  });

  it('of JavaScript and TypeScript', () => {
    const trace = `TypeError: x is not a function
      at Router.match (/app/src/router.ts:10:5)
      at async handle (src/server.mjs:3:1)
      at src/anonymous.js:8:2
      at node:internal/process/task_queues:95:5`;
    expect(found(trace)).toMatch(
      /^app\/src\/router.ts:10! src\/server.mjs:3! src\/anonymous.js:8! .*\| Router.match handle/,
    );
  });

  it('of Java and Kotlin', () => {
    const trace = `java.lang.IllegalStateException: closed
      at io.netty.buffer.ByteBuf.readByte(ByteBuf.java:120)
      at com.example.MainKt.main(Main.kt:3)`;
    expect(found(trace)).toMatch(
      /^io\/netty\/buffer\/ByteBuf.java:120! com\/example\/Main.kt:3! \| ByteBuf.readByte/,
    );
  });

  it('of Go, Rust, Ruby, PHP and C# name their files at least', () => {
    expect(found('goroutine 1:\nmain.run()\n\t/go/src/app/main.go:12 +0x1d')).toContain(
      'go/src/app/main.go:12',
    );
    expect(
      found("thread 'main' panicked at src/main.rs:4:5:\n   1: app::run\n   at ./src/lib.rs:9:1"),
    ).toMatch(/src\/main.rs:4!? .*src\/lib.rs:9!/);
    expect(found("app/models/user.rb:10:in `save'")).toContain('app/models/user.rb:10');
    expect(found('#0 /var/www/src/Kernel.php(33): run()')).toContain('var/www/src/Kernel.php');
    expect(found('at App.Run() in /src/App/Program.cs:line 7')).toContain('src/App/Program.cs');
  });
});

describe('names', () => {
  it('are what is written as code', () => {
    const table = `
      the parseCookie function = parseCookie
      set MAX_TOKENS to 3 = MAX_TOKENS
      call foo() now = foo
      \`run\` and \`a.b\` = run a.b
      std::vector::push_back fails = std::vector::push_back push_back
      Foo#bar and obj->method = Foo#bar obj->method
      HTTPServer2 = HTTPServer2
      größeBerechnen und приветМир = größeBerechnen приветМир
      调用getUserName方法 = getUserName
      plain words of prose, It Works = `;
    for (const line of table.trim().split('\n')) {
      const [text = '', expected = ''] = line.trim().split(/ = ?/);
      expect(`${text}: ${findMentions(text).names.join(' ')}`).toBe(`${text}: ${expected}`);
    }
    expect(lastName('Store.publish')).toBe('publish');
    expect(lastName('a::b->c#d')).toBe('d');
    expect(lastName('...')).toBe('...');
    expect(['camelCase', 'snake_case', 'HTTPServer', '__init__', 'X1'].map(looksLikeCode)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it('of long chains are their ends', () => {
    expect(findMentions('com.example.app.core.http.server.Router.match').names).toEqual(['Router.match']);
  });

  it('are found beside quoted texts, in any language of prose', () => {
    expect(findMentions('Fehler "connection refused" in größeBerechnen').quoted).toEqual([
      'connection refused',
    ]);
    expect(findMentions('调用 parse_cookie() 时出错').names).toEqual(['parse_cookie']);
    expect(findMentions("don't say it's 'not found' ok").quoted).toEqual(['not found']);
  });
});

describe('time', () => {
  it('is linear in hostile text of a megabyte', () => {
    const attacks = [
      'a.',
      'a',
      '/',
      'a/',
      '(',
      '"',
      "'",
      '`',
      'at ',
      'at (',
      'File "',
      '::',
      'a::',
      '_',
      '$',
      '.a:1',
      '-',
      '@',
      '\0',
      '//',
    ];
    attacks.push(
      `${'a'.repeat(80)}/`,
      'at a.a',
      'http://',
      'x.js:',
      "'ab ",
      'at foo (a/b.js:1:2)\n',
      '1:',
      '使用',
      `${'.'.repeat(400)} `,
    );
    for (const unit of attacks) {
      const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
      findMentions(unit.repeat(100));
      const spent = cpuMs(() => findMentions(text));
      expect([unit.slice(0, 20), spent < 200]).toEqual([unit.slice(0, 20), true]);
    }
  });
});
