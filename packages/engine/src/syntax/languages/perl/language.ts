/** Perl: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [
    ['=pod', '=cut'],
    ['=head1', '=cut'],
  ],
  patterns: [
    ['module', /^package\s+([\w:]+)/],
    ['function', /^sub\s+([\w:]+)/],
    ['constant', /^use\s+constant\s+(\w+)/],
    ['variable', /^our\s+[$@%](\w+)/],
  ],
};

export const perl: LanguageDefinition = {
  id: 'perl',
  name: 'Perl',
  aliases: ['pl'],
  extensions: ['.pl', '.pm', '.t', '.psgi'],
  shebangs: ['perl'],
  lineComments: ['#'],
  blockComments: [
    ['=pod', '=cut'],
    ['=head1', '=cut'],
  ],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
