/**
 * The table of languages and the rules that choose one for a file: by name, extension or shebang.
 * Reads no files and loads no grammar. To add a language: write `languages/<id>/language.ts`, list it here.
 */
import type { FilePath, LanguageId } from '../model/file.ts';
import type { LanguageDefinition } from './language.ts';
import { bash } from './languages/bash/language.ts';
import { c } from './languages/c/language.ts';
import { csharp } from './languages/c_sharp/language.ts';
import { cpp } from './languages/cpp/language.ts';
import { go } from './languages/go/language.ts';
import { java } from './languages/java/language.ts';
import { javascript } from './languages/javascript/language.ts';
import { kotlin } from './languages/kotlin/language.ts';
import { php } from './languages/php/language.ts';
import { python } from './languages/python/language.ts';
import { ruby } from './languages/ruby/language.ts';
import { rust } from './languages/rust/language.ts';
import { scala } from './languages/scala/language.ts';
import { structureLanguages } from './languages/structure-languages.ts';
import { swift } from './languages/swift/language.ts';
import { tsx } from './languages/tsx/language.ts';
import { typescript } from './languages/typescript/language.ts';

/** What every file is when nothing else matches: lines without an outline. */
export const plainText: LanguageDefinition = {
  id: 'text',
  name: 'Plain text',
  aliases: ['txt', 'plain'],
  extensions: ['.txt'],
  lineComments: [],
  blockComments: [],
  reader: 'lines',
};

export const languages: readonly LanguageDefinition[] = [
  // Languages read by a tree-sitter grammar.
  bash,
  c,
  csharp,
  cpp,
  go,
  java,
  javascript,
  kotlin,
  php,
  python,
  ruby,
  rust,
  scala,
  swift,
  tsx,
  typescript,
  // Languages read by a scanner of ours (syntax/structure).
  ...structureLanguages,
  plainText,
];

interface Lookup {
  readonly byId: ReadonlyMap<string, LanguageDefinition>;
  readonly byName: ReadonlyMap<string, LanguageDefinition>;
  readonly byFilename: ReadonlyMap<string, LanguageDefinition>;
  readonly byFilenamePrefix: readonly (readonly [prefix: string, language: LanguageDefinition])[];
  readonly byExtension: ReadonlyMap<string, LanguageDefinition>;
  readonly byShebang: ReadonlyMap<string, LanguageDefinition>;
}

const lookup = buildLookup(languages);

/** The definition of a language, undefined for an id nobody defined. */
export function languageById(id: LanguageId): LanguageDefinition | undefined {
  return lookup.byId.get(id);
}

/** Finds a language by any name a person may type: id, display name or alias. */
export function languageByName(name: string): LanguageDefinition | undefined {
  return lookup.byName.get(name.toLowerCase());
}

/** The language of a file; `text` when unknown. `firstLine` decides for files without a telling name. */
export function languageOf(path: FilePath, firstLine?: string): LanguageId {
  const filename = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const found =
    lookup.byFilename.get(filename) ??
    byExtension(filename) ??
    lookup.byFilenamePrefix.find(([prefix]) => filename.startsWith(prefix))?.[1] ??
    (firstLine === undefined ? undefined : (byShebang(firstLine) ?? byPiece(filename, firstLine)));
  return (found ?? plainText).id;
}

function byExtension(filename: string): LanguageDefinition | undefined {
  // From the first dot on: the longest extension wins. A leading dot is part of the name, not an extension.
  for (let dot = filename.indexOf('.', 1); dot !== -1; dot = filename.indexOf('.', dot + 1)) {
    const found = lookup.byExtension.get(filename.slice(dot));
    if (found !== undefined) return found;
  }
  return undefined;
}

const withPieces = languages.flatMap((language) =>
  language.pieces ? [{ language, ...language.pieces }] : [],
);

function byPiece(filename: string, firstLine: string): LanguageDefinition | undefined {
  const found = withPieces.find(({ extensions }) =>
    extensions.some((extension) => filename.endsWith(extension)),
  );
  return found?.firstLine.test(firstLine.slice(0, 200)) ? found.language : undefined;
}

function byShebang(firstLine: string): LanguageDefinition | undefined {
  if (!firstLine.startsWith('#!')) return undefined;
  const words = firstLine.slice(2, 202).trim().split(/\s+/);
  const isEnv = words[0]?.endsWith('/env') ?? false;
  const command = isEnv
    ? words.slice(1).find((word) => !word.startsWith('-') && !word.includes('='))
    : words[0];
  const interpreter = command?.slice(command.lastIndexOf('/') + 1).replace(/[\d.]+$/, '');
  return interpreter === undefined ? undefined : lookup.byShebang.get(interpreter);
}

function buildLookup(all: readonly LanguageDefinition[]): Lookup {
  const byId = new Map<string, LanguageDefinition>();
  const byName = new Map<string, LanguageDefinition>();
  const byFilename = new Map<string, LanguageDefinition>();
  const byFilenamePrefix: [string, LanguageDefinition][] = [];
  const byExtensionMap = new Map<string, LanguageDefinition>();
  const byShebangMap = new Map<string, LanguageDefinition>();
  for (const language of all) {
    byId.set(language.id, language);
    for (const name of [language.id, language.name, ...language.aliases])
      byName.set(name.toLowerCase(), language);
    for (const extension of language.extensions) byExtensionMap.set(extension, language);
    for (const shebang of language.shebangs ?? []) byShebangMap.set(shebang, language);
    for (const filename of language.filenames ?? []) {
      if (filename.endsWith('*')) byFilenamePrefix.push([filename.slice(0, -1).toLowerCase(), language]);
      else byFilename.set(filename.toLowerCase(), language);
    }
  }
  return { byId, byName, byFilename, byFilenamePrefix, byExtension: byExtensionMap, byShebang: byShebangMap };
}
