/** Assembly: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: [';', '//', '#'],
  blockComments: [['/*', '*/']],
  topLevelOnly: true,
  patterns: [
    ['function', /^([A-Za-z_.$][\w.$@]*):/],
    ['macro', /^\.?macro\s+(\w+)/i],
  ],
};

export const assembly: LanguageDefinition = {
  id: 'assembly',
  name: 'Assembly',
  aliases: ['asm'],
  extensions: ['.s', '.asm', '.nasm'],
  lineComments: [';', '//', '#'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
