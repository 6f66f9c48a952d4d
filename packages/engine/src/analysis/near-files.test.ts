/** Random edits of one file among many: what is known at once, against all files resolved again. */
import { expect, test } from 'vitest';
import { resolveGraph } from '../graph/resolving/resolve.ts';
import { withNear } from '../graph/result/add-near.ts';
import { EXPORTED, type GraphData, INFERRED } from '../graph/result/graph-data.ts';
import { filesNear } from '../graph/result/near-files.ts';
import type { CodeFacts } from '../model/code-facts.ts';
import type { FilePath } from '../model/file.ts';
import { languageOf } from '../syntax/registry.ts';
import { readFacts } from './call-graph.ts';

/** Numbers from 0 to below a bound, the same for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

async function factsOf(path: FilePath, text: string): Promise<CodeFacts> {
  const { facts } = await readFacts(path, new TextEncoder().encode(text), languageOf(path), 2 ** 20);
  if (facts === undefined) throw new Error('no facts');
  return facts;
}

interface Edge {
  readonly text: string;
  readonly to: string;
  readonly path: FilePath;
  readonly isInferred: boolean;
}

const edgesOf = ({ ids, paths, edges }: GraphData): Edge[] =>
  Array.from(edges.kind, (kind, row) => {
    const [from, to] = [ids[edges.from[row] as number], ids[edges.to[row] as number] as string];
    const path = paths[edges.file[row] as number] as FilePath;
    const text = `${kind & (INFERRED - 1)} ${path}:${edges.line[row]} ${from} -> ${to}`;
    return { text, to, path, isInferred: (kind & INFERRED) > 0 };
  });

const symbolsOf = ({ ids, paths, symbols }: GraphData): string[] =>
  Array.from(symbols.id, (id, row) => {
    const kind = (symbols.kind[row] as number) & (2 * EXPORTED - 1);
    return `${paths[symbols.file[row] as number]}:${symbols.start[row]}-${symbols.end[row]} ${kind} ${ids[id]}`;
  }).sort();

const folders = ['core', 'web', 'store'];
const pathOf = (i: number): FilePath =>
  i % 4 === 3 ? `lib/${folders[i % 3]}/part${i}.py` : `src/${folders[i % 3]}/part${i}.ts`;

/** A file that calls some others, of its language, and passes on what they make. */
function writeFile(i: number, count: number, random: (below: number) => number): string {
  const isPython = i % 4 === 3;
  const lines: string[] = [];
  const others = [random(count), random(count)].map(
    (other) => other - (other % 4) + (isPython ? 3 : other % 3),
  );
  const used = [...new Set(others)].filter((other) => other !== i && other < count);
  for (const other of used)
    lines.push(
      isPython
        ? `from lib.${folders[other % 3]}.part${other} import make${other}, run${other}`
        : `import { make${other}, run${other} } from '../${folders[other % 3]}/part${other}.js';`,
    );
  if (isPython)
    lines.push(
      `class Part${i}:`,
      '    def work(self):',
      ...used.map((other) => `        make${other}().work()`),
      '        return self',
      `def make${i}():`,
      `    return Part${i}()`,
      `def run${i}(given):`,
      '    given.work()',
      ...used.map((other) => `    run${other}(make${other}())`),
    );
  else
    lines.push(
      `export class Part${i} {`,
      `  work() { ${used.map((other) => `make${other}().work();`).join(' ')} return this; }`,
      '}',
      `export function make${i}() { return new Part${i}(); }`,
      `export function run${i}(given: { work(): unknown }) {`,
      '  given.work();',
      ...used.map((other) => `  run${other}(make${other}());`),
      '}',
    );
  return `${lines.join('\n')}\n`;
}

/** Renames a definition, takes out a line, writes a line twice, or moves all down. */
function edit(text: string, random: (below: number) => number): string {
  const lines = text.split('\n');
  const at = random(lines.length);
  switch (random(4)) {
    case 0: {
      const names = [...text.matchAll(/(?:function|def|class) (\w+)/g)].map((match) => match[1] as string);
      const name = names[random(names.length)] as string;
      return text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}Again`);
    }
    case 1:
      return lines.filter((_, line) => line !== at).join('\n');
    case 2:
      return [...lines.slice(0, at), lines[at], ...lines.slice(at)].join('\n');
    default:
      return `\n\n${text}`;
  }
}

test('what an edited file says is known from the files next to it, nearly as if all were resolved', async () => {
  const count = 48;
  const random = randomFrom(7);
  const texts = Array.from({ length: count }, (_, i) => writeFile(i, count, random));
  const files = await Promise.all(
    texts.map(async (text, i) => ({ path: pathOf(i), facts: await factsOf(pathOf(i), text) })),
  );
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const paths = files.map(({ path }) => path);
  const before = resolveGraph(files);
  let known = 0;
  let wanted = 0;
  let shownOfIt = 0;
  let wrong = 0;
  let resolvedFiles = 0;
  const rounds = 60;
  for (let round = 0; round < rounds; round++) {
    const i = random(count);
    const path = pathOf(i);
    const changed = { path, facts: await factsOf(path, edit(texts[i] as string, random)) };
    const near = new Set([path, ...filesNear(before, [changed], paths).slice(0, 16)]);
    const now = files.map((file) => (file.path === path ? changed : file));
    const few = resolveGraph(now.filter((file) => near.has(file.path)));
    const shown = withNear(before, new Set([path]), few, new Set([path]));
    const whole = resolveGraph(now);
    resolvedFiles += near.size;

    expect(symbolsOf(shown)).toEqual(symbolsOf(whole));
    const inWhole = new Set(edgesOf(whole).map(({ text }) => text));
    const defined = new Set(symbolsOf(whole).map((symbol) => symbol.slice(symbol.lastIndexOf(' ') + 1)));
    const all = edgesOf(shown);
    const ofIt = all.filter((edge) => edge.path === path);
    // Where nobody is known to call a function, its declared types speak: of them all files may know better.
    shownOfIt += ofIt.length;
    wrong += ofIt.filter(({ text }) => !inWhole.has(text)).length;
    expect(ofIt.filter(({ isInferred }) => !isInferred)).toEqual([]);
    expect(all.filter(({ to }) => !to.startsWith('<') && !defined.has(to))).toEqual([]);
    // What led there and still may.
    const module = path.replace(/\.\w+$/, '').replaceAll('/', '.');
    const into = all.filter((edge) => edge.path !== path && `${edge.to}.`.startsWith(`${module}.`));
    expect(into.filter(({ isInferred }) => !isInferred)).toEqual([]);
    const shownTexts = new Set(all.map(({ text }) => text));
    const wantedOfIt = edgesOf(whole).filter((edge) => edge.path === path);
    wanted += wantedOfIt.length;
    known += wantedOfIt.filter(({ text }) => shownTexts.has(text)).length;
  }
  expect(known / wanted).toBeGreaterThan(0.9);
  expect(wrong / shownOfIt).toBeLessThan(0.05);
  expect(resolvedFiles / rounds).toBeLessThan(count / 2);
}, 60_000);
