/** Edits of comments and empty lines: the graph of before with other lines, against all files resolved again. */
import { expect, test } from 'vitest';
import { resolveGraph } from '../graph/resolving/resolve.ts';
import { type MovedLines, movedLines, withMovedLines } from '../graph/result/moved-lines.ts';
import type { CodeFacts } from '../model/code-facts.ts';
import type { FilePath } from '../model/file.ts';
import { languageOf } from '../syntax/registry.ts';
import { readFacts } from './call-graph.ts';

const files: Readonly<Record<FilePath, string>> = {
  'src/a.ts': `import { each } from './b.js';
export class Shop {
  items = [1];
  get all() { return this.items.map((item) => () => item); }
  open(): void { each(() => this.close()); }
  close(): void { missing(); }
}
each(function () { each(() => new Shop().open()); }); each(() => {});
export default { run: () => new Shop().all, [key()]: 1 };
`,
  'src/b.ts': `export function each(f: () => void) {
  f();
  return [() => f(), () => each(f)];
}
export const list = each(() => {}).slice(1).map((f) => f());
`,
  'lib/shop.py': `from .stock import Stock, wrap
class Shop(Stock):
    @property
    def total(self):
        return sum(map(lambda x: x.price(), self.items))
    @wrap(lambda f: f)
    def open(self):
        return [self.count() for _ in self]
`,
  'lib/stock.py': `def wrap(f):
    return lambda g: f(g)
class Stock:
    def __iter__(self): return self
    def __next__(self): return (lambda: self.count())()
    def count(self): return 1
`,
  'go/shop.go': `package shop
type Seller interface { Sell(n int) func() }
type Shop struct { stock []func() }
func (s *Shop) Sell(n int) func() { s.stock = append(s.stock, func() { s.Sell(n) }); return s.stock[1:][0] }
func Run(s Seller) { for _, f := range []func(){s.Sell(1), func() { Run(s) }} { f() } }
`,
  'java/Shop.java': `class Shop implements Runnable {
  Runnable later = new Runnable() { public void run() { Shop.this.run(); } };
  public void run() { Runnable r = () -> later.run(); r.run(); }
}
`,
};

async function factsOf(path: FilePath, text: string): Promise<CodeFacts> {
  const { facts } = await readFacts(path, new TextEncoder().encode(text), languageOf(path), 2 ** 20);
  if (facts === undefined) throw new Error('no facts');
  return facts;
}

const factsOfAll = (texts: Readonly<Record<FilePath, string>>) =>
  Promise.all(
    Object.keys(texts)
      .sort()
      .map(async (path) => ({ path, facts: await factsOf(path, texts[path] as string) })),
  );

/** Empty lines and comments before each line, more or fewer by the number: so that ids with 9 and 10 change their order. */
function spread(path: FilePath, text: string, number: number): string {
  const comment = path.endsWith('.py') ? '# more' : '// more';
  const before = (line: string, at: number) =>
    Array.from({ length: (at * 7 + number) % 5 }, (_, i) =>
      i % 2 ? '' : `${/^\s*/.exec(line)?.[0]}${comment}`,
    );
  return text
    .split('\n')
    .flatMap((line, at) => [...before(line, at), line])
    .join('\n');
}

test('give the graph that resolving gives, whichever files are edited', async () => {
  const old = await factsOfAll(files);
  const graph = resolveGraph(old);
  expect(graph.ids.filter((id) => id.includes('<anonymous:')).length).toBeGreaterThan(15);
  for (let number = 1; number <= 12; number++) {
    const edited = Object.keys(files).filter((_, i) => number > 6 || i === number - 1);
    const texts = { ...files };
    for (const path of edited) texts[path] = spread(path, files[path] as string, number);
    const now = await factsOfAll(texts);
    const moved = new Map<FilePath, MovedLines>();
    for (const [i, { path, facts }] of now.entries()) {
      const lines = movedLines((old[i] as (typeof now)[number]).facts, facts);
      if (lines !== undefined && edited.includes(path)) moved.set(path, lines);
    }
    expect([...moved.keys()].sort()).toEqual([...edited].sort());
    expect(withMovedLines(graph, moved)).toEqual(resolveGraph(now));
    // And back again.
    const back = new Map<FilePath, MovedLines>();
    for (const [i, { path, facts }] of now.entries())
      back.set(path, movedLines(facts, (old[i] as (typeof now)[number]).facts) as MovedLines);
    expect(withMovedLines(resolveGraph(now), back)).toEqual(graph);
  }
});

test.each([
  ['a name', 'function f() { g(); }\n', 'function f() { h(); }\n'],
  ['a call more', 'f();\n', 'f();\nf();\n'],
  ['lines that are joined', 'f();\ng();\n', 'f(); g();\n'],
  ['lines that are parted', 'f(); g();\n', 'f();\ng();\n'],
  ['calls that change places', 'f();\ng(1);\n', 'g(1);\nf();\n'],
  [
    'a text that names a line as functions do',
    "o['<anonymous:1>'](() => f());\n",
    "\no['<anonymous:1>'](() => f());\n",
  ],
  [
    'the elements that a slice leaves out',
    'const [a, ...b] = f();\nb[0]();\n',
    'const [a, c, ...b] = f();\nb[0]();\n',
  ],
])('%s is more than an edit of lines', async (_, before, after) => {
  expect(movedLines(await factsOf('a.js', before), await factsOf('a.js', after))).toBeUndefined();
});

test('files that share an id are resolved', async () => {
  const text = 'export const f = [() => f];\n';
  const old = await factsOfAll({ 'a.ts': text, 'a.js': text });
  const moved = movedLines(await factsOf('a.ts', text), await factsOf('a.ts', `\n${text}`)) as MovedLines;
  expect(withMovedLines(resolveGraph(old), new Map([['a.ts', moved]]))).toBeUndefined();
});

test('an id that would be that of another file is not made', async () => {
  const old = await factsOfAll({
    'a.ts': 'export const f = [() => f];\n',
    'a.js': '\nexport const f = [() => f];\n',
  });
  const [, other] = old;
  const text = '\nexport const f = [() => f];\n';
  const moved = movedLines((other as (typeof old)[number]).facts, await factsOf('a.ts', text)) as MovedLines;
  expect(withMovedLines(resolveGraph(old), new Map([['a.ts', moved]]))).toBeUndefined();
});
