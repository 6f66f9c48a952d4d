/** A thread that reads files and parses those that have a grammar, and does nothing else: the baseline of indexing. */
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { Language, Parser } from 'web-tree-sitter';
import { readGrammar } from '../../packages/engine/src/syntax/grammar-files.ts';

export interface ParseRequest {
  readonly files: readonly { readonly path: string; readonly grammar: string | undefined }[];
}

export interface ParseReply {
  /** Time in which the thread read and parsed. */
  readonly ms: number;
}

const parsers = new Map<string, Parser>();

async function parserOf(grammar: string | undefined): Promise<Parser | undefined> {
  if (grammar === undefined) return undefined;
  let parser = parsers.get(grammar);
  if (parser) return parser;
  await Parser.init();
  parser = new Parser();
  parser.setLanguage(await Language.load(await readGrammar(grammar)));
  parsers.set(grammar, parser);
  return parser;
}

parentPort?.on('message', async ({ files }: ParseRequest) => {
  let ms = 0;
  for (const { path, grammar } of files) {
    const parser = await parserOf(grammar);
    const started = performance.now();
    const text = readFileSync(path, 'utf8');
    parser?.parse(text)?.delete();
    ms += performance.now() - started;
  }
  parentPort?.postMessage({ ms } satisfies ParseReply);
});
