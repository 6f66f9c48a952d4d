import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { loadLanguage, parseFile } from './parse-file.ts';
import { languages } from './registry.ts';
import { cpuMs } from './testing/cpu-time.ts';
import { outlineText } from './testing/outline-text.ts';

const trees = languages.filter((language) => language.reader === 'tree');

describe('every tree language', () => {
  test.each(trees.map((language) => language.id))('%s loads, its table fits its grammar', async (id) => {
    await loadLanguage(id);
    expect(parseFile('', id)).toEqual({ language: id, lineCount: 0, symbols: [], errorCount: 0 });
    expect(parseFile('\n \n', id)).toMatchObject({ lineCount: 2, symbols: [] });
  });

  test.each(trees.map((language) => language.id))(
    '%s survives hostile text within the time limit',
    async (id) => {
      await loadLanguage(id);
      const hostile = [
        '('.repeat(10_000),
        '{'.repeat(10_000),
        '['.repeat(10_000) + ']'.repeat(10_000),
        'a('.repeat(10_000) + ')'.repeat(10_000),
        '<'.repeat(10_000),
        '"'.repeat(9_999),
        `/*${'*'.repeat(10_000)}`,
        '\u0000\uFFFF\uD800 \u202E\uFEFF'.repeat(500),
        'class '.repeat(5_000),
        '@'.repeat(10_000),
        '#'.repeat(10_000),
      ];
      for (const text of hostile) {
        let parsed = parseFile('', id);
        const spent = cpuMs(() => {
          parsed = parseFile(text, id, 100);
        });
        expect(spent).toBeLessThan(2_000);
        for (const symbol of parsed.symbols) expect(symbol.end).toBeLessThanOrEqual(parsed.lineCount);
      }
    },
  );
});

describe('parseFile', () => {
  test('keeps what stands around broken code', async () => {
    const text = 'function before() {}\nfunction broken( { if (\n}\nclass After { method() { return 1; } }\n';
    expect(await outlineText('typescript', text)).toMatchInlineSnapshot(`
      "
      function before 1-1
      method method 4-4
      (2 syntax errors)
      "
    `);
  });

  test('outlines by lines what takes too long', async () => {
    await loadLanguage('typescript');
    const text = `class A {\n  x = 1;\n}\n${'function f() {\n}\n'.repeat(2_000)}`;
    const parsed = parseFile(text, 'typescript', 0);
    expect(parsed.errorCount).toBe(1);
    expect(parsed.symbols).toHaveLength(2_001);
    expect(parsed.symbols[0]).toMatchObject({ kind: 'class', name: 'A', start: 1, end: 3 });
    expect(parseFile('class B {}', 'typescript').symbols).toHaveLength(1);
  });

  test('comes back after the parser crashed', async () => {
    await loadLanguage('c');
    await loadLanguage('go');
    // Valid as nothing, ambiguous at every step: the parser of C aborts on it.
    const hostile = `struct A { int x; };\n${'a=>'.repeat(3_000)}`;
    expect(parseFile(hostile, 'c').errorCount).toBeGreaterThan(0);
    const text = 'package a\n\nfunc F() {}\n';
    expect(() => parseFile(text, 'go')).not.toThrow();
    await loadLanguage('go');
    expect(parseFile(text, 'go')).toMatchObject({ errorCount: 0, symbols: [{ name: 'F' }] });
  });

  test('gives deeply nested ambiguous text no chance to overflow the stack of the library', async () => {
    await loadLanguage('c');
    expect(parseFile(`int before(void);\n${'%q('.repeat(900)}`, 'c').symbols).toMatchObject([
      { name: 'before' },
    ]);
    expect(parseFile(`int before(void);\n${'%q('.repeat(10_000)}`, 'c')).toMatchObject({
      errorCount: 1,
      symbols: [],
    });
  });

  test('counts a missing token as an error', async () => {
    expect(await outlineText('java', 'class A { void f() { g() } }')).toContain('syntax errors');
  });

  test('reads one enormous line', async () => {
    await loadLanguage('javascript');
    const text = Array.from({ length: 40_000 }, (_, index) => `function f${index}(){return ${index}}`).join(
      ';',
    );
    const parsed = parseFile(`// head\n${text}\n`, 'javascript');
    expect(parsed.lineCount).toBe(2);
    expect(parsed.symbols).toHaveLength(40_000);
    expect(parsed.symbols[39_999]).toMatchObject({ name: 'f39999', start: 2, end: 2, docStart: 1 });
  });

  test('does not parse ten thousand functions deep, but outlines them', async () => {
    await loadLanguage('javascript');
    const depth = 10_000;
    const parsed = parseFile('function f(){\n'.repeat(depth) + '}\n'.repeat(depth), 'javascript');
    expect(parsed.symbols.length).toBeGreaterThan(0);
    for (const [index, symbol] of parsed.symbols.entries()) expect(symbol.parent).toBeLessThan(index);
  });

  test('counts lines the same with Windows line ends', async () => {
    const text = '/** Doc. */\r\nexport function a(\r\n  x: number,\r\n) {\r\n  return x;\r\n}\r\n';
    expect(await outlineText('typescript', text)).toBe('\nfunction a 2-6 head 4 doc 1-1\n');
  });

  test('names and lines are right after characters outside the basic plane', async () => {
    const text = 'const 变量 = "😀😀";\n// 😀 doc\nfunction größe() {}\n';
    expect(await outlineText('javascript', text)).toBe('\nconstant 变量 1-1\nfunction größe 3-3 doc 2-2\n');
  });

  test("a language that was not loaded is the caller's mistake", () => {
    expect(() => parseFile('', 'no-such-language')).toThrow("unknown language 'no-such-language'");
  });

  test('gives the same outline again: no state leaks from file to file', async () => {
    await loadLanguage('python');
    const first = parseFile('def a(): pass\n', 'python');
    parseFile('def (((', 'python');
    expect(parseFile('def a(): pass\n', 'python')).toEqual(first);
  });

  test('runs in a worker thread beside this one', async () => {
    const door = new URL('./parse-file.ts', import.meta.url).href;
    const code = `
      import { parentPort } from 'node:worker_threads';
      const { loadLanguage, parseFile } = await import(${JSON.stringify(door)});
      await loadLanguage('go');
      parentPort.postMessage(parseFile('package a\\nfunc F() {}\\n', 'go').symbols[0].name);`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
    const name = await new Promise((resolve, reject) =>
      worker.once('message', resolve).once('error', reject),
    );
    await worker.terminate();
    expect(name).toBe('F');
  });
});
