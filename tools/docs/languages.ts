/** Renders which languages are read, and how, from the engine's registry. Says nothing of its own. */
import type { LanguageDefinition } from '../../packages/engine/src/syntax/language.ts';
import { languages } from '../../packages/engine/src/syntax/registry.ts';

const readers: Readonly<Record<LanguageDefinition['reader'], string>> = {
  tree: 'syntax tree',
  structure: 'structure',
  lines: 'lines',
};

export function languageTable(): string {
  const order = Object.keys(readers);
  const sorted = languages.toSorted(
    (a, b) => order.indexOf(a.reader) - order.indexOf(b.reader) || a.name.localeCompare(b.name, 'en'),
  );
  const rows = sorted.map((language) => {
    const names = [...language.extensions, ...(language.filenames ?? [])].map((name) => `\`${name}\``);
    return `| ${language.name} | \`${language.id}\` | ${readers[language.reader]} | ${names.join(' ')} |`;
  });
  return ['| Language | Filter | Read by | Files |', '|---|---|---|---|', ...rows].join('\n');
}
