/**
 * How fast files become outlines, by language: MB/s of the parser alone and of parser and outline together.
 *
 *   node bench/scenarios/parse-speed.ts FOLDER... [--megabytes 3]
 *
 * Reads files under the folders (checked-out repositories) and never writes. Both figures come from one run over
 * the same texts, the best of four rounds; only their ratio means anything on another machine.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Language, Parser } from 'web-tree-sitter';
import { readGrammar } from '../../packages/engine/src/syntax/grammar-files.ts';
import type { LanguageDefinition } from '../../packages/engine/src/syntax/language.ts';
import { loadLanguage, parseFile } from '../../packages/engine/src/syntax/parse-file.ts';
import { languageOf, languages } from '../../packages/engine/src/syntax/registry.ts';

const maxFileBytes = 1_000_000;
const rounds = 4;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { megabytes: { type: 'string', default: '3' } },
});
const wanted = Number(values.megabytes) * 1e6;

interface Sample {
  readonly texts: string[];
  bytes: number;
}

function collect(folders: readonly string[]): Map<string, Sample> {
  const samples = new Map<string, Sample>();
  const queue = [...folders];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
        queue.push(path);
      if (!entry.isFile()) continue;
      const id = languageOf(entry.name);
      const sample = samples.get(id) ?? { texts: [], bytes: 0 };
      if (sample.bytes > wanted) continue;
      const text = readFileSync(path, 'utf8');
      if (text.length > maxFileBytes) continue;
      sample.texts.push(text);
      sample.bytes += Buffer.byteLength(text);
      samples.set(id, sample);
    }
  }
  return samples;
}

/** Best time in ms of each run; they take turns, so that a busy moment of the machine hits both. */
function bestOf(first: () => void, second: () => void): readonly [first: number, second: number] {
  const least: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    for (const [index, run] of [first, second].entries()) {
      const start = performance.now();
      run();
      least[index] = Math.min(least[index] ?? 0, performance.now() - start);
    }
  }
  return least;
}

async function measure(language: LanguageDefinition, sample: Sample): Promise<string> {
  const loadStart = performance.now();
  await loadLanguage(language.id);
  const loadMs = performance.now() - loadStart;
  const parser = new Parser();
  parser.setLanguage(await Language.load(await readGrammar(language.tree?.grammar ?? '')));
  let symbols = 0;
  let broken = 0;
  const parseAlone = (): void => {
    for (const text of sample.texts) parser.parse(text)?.delete();
  };
  const parseAndOutline = (): void => {
    symbols = 0;
    broken = 0;
    for (const text of sample.texts) {
      const parsed = parseFile(text, language.id);
      symbols += parsed.symbols.length;
      broken += parsed.errorCount > 0 ? 1 : 0;
    }
  };
  const [alone, both] = bestOf(parseAlone, parseAndOutline);
  parser.delete();
  const speed = (ms: number): string => (sample.bytes / 1e3 / ms).toFixed(1).padStart(6);
  return [
    language.id.padEnd(11),
    `${sample.texts.length}`.padStart(5),
    (sample.bytes / 1e6).toFixed(1).padStart(5),
    speed(alone),
    speed(both),
    `${Math.round((both / alone - 1) * 100)}`.padStart(5),
    `${symbols}`.padStart(7),
    `${broken}`.padStart(6),
    loadMs.toFixed(0).padStart(5),
  ].join(' ');
}

await Parser.init();
const samples = collect(positionals);
console.log('language    files    MB  parse  +outl  +%    symbols broken load-ms');
for (const language of languages) {
  const sample = samples.get(language.id);
  if (language.reader === 'tree' && sample !== undefined) console.log(await measure(language, sample));
}
