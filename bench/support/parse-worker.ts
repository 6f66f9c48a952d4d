/** A thread that reads files and parses those that have a grammar, and does nothing else: the baseline of indexing. */
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { Language, Parser } from 'web-tree-sitter';
import { readGrammar } from '../../packages/engine/src/syntax/grammar-files.ts';
import { languageById } from '../../packages/engine/src/syntax/registry.ts';

export interface ParseRequest {
  readonly files: readonly { readonly path: string; readonly language: string }[];
}

export interface ParseReply {
  readonly ms: Readonly<Record<string, number>>;
}

const parsers = new Map<string, Parser | undefined>();

async function parserOf(language: string): Promise<Parser | undefined> {
  if (parsers.has(language)) return parsers.get(language);
  const grammar = languageById(language)?.tree?.grammar;
  let parser: Parser | undefined;
  if (grammar !== undefined) {
    await Parser.init();
    parser = new Parser();
    parser.setLanguage(await Language.load(await readGrammar(grammar)));
  }
  parsers.set(language, parser);
  return parser;
}

parentPort?.on('message', async ({ files }: ParseRequest) => {
  const ms: Record<string, number> = {};
  for (const { path, language } of files) {
    const parser = await parserOf(language);
    const started = performance.now();
    const text = readFileSync(path, 'utf8');
    parser?.parse(text)?.delete();
    ms[language] = (ms[language] ?? 0) + performance.now() - started;
  }
  parentPort?.postMessage({ ms } satisfies ParseReply);
});
