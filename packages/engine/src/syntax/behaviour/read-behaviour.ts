/** Text in, facts of behaviour out: the door of `syntax/behaviour/`. Depends on bytes and language only; bad source never throws. */
import type { BehaviourFacts, EffectKind } from '../../model/behaviour.ts';
import type { LanguageId } from '../../model/file.ts';
import { goBehaviour } from '../languages/go/behaviour.ts';
import { javaBehaviour } from '../languages/java/behaviour.ts';
import { scriptBehaviour } from '../languages/javascript/behaviour.ts';
import { pythonBehaviour } from '../languages/python/behaviour.ts';
import { rustBehaviour } from '../languages/rust/behaviour.ts';
import { readTree } from '../parse-file.ts';
import { type PlainNode, plainTree } from '../references/plain-tree.ts';
import type { BehaviourLanguage } from './behaviour-language.ts';
import { BehaviourReader } from './behaviour-reader.ts';
import { collectScopes } from './collect-scopes.ts';
import { findPatterns } from './find-patterns.ts';
import { effectNamed } from './name-table.ts';
import { readFacts } from './read-facts.ts';

const languages: Readonly<Record<LanguageId, BehaviourLanguage>> = {
  python: pythonBehaviour,
  javascript: scriptBehaviour('javascript'),
  typescript: scriptBehaviour('typescript'),
  tsx: scriptBehaviour('tsx'),
  go: goBehaviour,
  java: javaBehaviour,
  rust: rustBehaviour,
};

/** Languages whose behaviour can be read. */
export const behaviourLanguages: readonly LanguageId[] = Object.keys(languages);

/**
 * The language must be loaded (`loadLanguage`). undefined: the language has no reader, the text cannot be parsed in time, or it is
 * nested beyond what a person writes.
 */
export function readBehaviour(text: string, id: LanguageId): BehaviourFacts | undefined {
  const language = languages[id];
  if (language === undefined) return undefined;
  const plain = readTree(text, id, (tree, errorCount) => ({ root: plainTree(tree, text), errorCount }));
  if (plain?.root === undefined) return undefined;
  try {
    return read(new BehaviourReader(language, text), plain.root, plain.errorCount);
  } catch (error) {
    // A reader recurses as deep as the source is nested.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function read(reader: BehaviourReader, root: PlainNode, errorCount: number): BehaviourFacts {
  collectScopes(reader, root);
  readFacts(reader, root);
  findPatterns(reader);
  return {
    language: reader.language.id,
    functions: reader.functions,
    classes: reader.classes,
    imports: reader.imports,
    facts: reader.facts.sort((a, b) => a.start - b.start || a.end - b.end),
    errorCount,
  };
}

/** What calling a name outside the workspace does, e.g. `fs.readFileSync`; undefined: nothing that is known. */
export function effectOf(name: string, id: LanguageId): EffectKind | undefined {
  const language = languages[id];
  return language && effectNamed(language, name);
}
