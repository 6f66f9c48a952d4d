/** Visual Basic: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ["'"],
  blockComments: [],
  closers: ['end'],
  patterns: [
    ['namespace', /^Namespace\s+([\w.]+)/i],
    [
      'class',
      /^(?:(?:Public|Private|Friend|Protected|Partial|MustInherit|NotInheritable|Shared)\s+)*(?:Class|Module)\s+(\w+)/i,
    ],
    ['interface', /^(?:Public\s+|Friend\s+)?Interface\s+(\w+)/i],
    ['enum', /^(?:Public\s+|Private\s+|Friend\s+)?Enum\s+(\w+)/i],
    ['struct', /^(?:Public\s+|Private\s+|Friend\s+)?(?:Structure|Type)\s+(\w+)/i],
    [
      'function',
      /^(?:(?:Public|Private|Friend|Protected|Shared|Overrides|Overridable|Async|Static|Default|ReadOnly|Iterator|Overloads|MustOverride)\s+)*(?:Sub|Function|Property(?:\s+(?:Get|Let|Set))?)\s+(\w+)/i,
    ],
  ],
};

export const vb: LanguageDefinition = {
  id: 'vb',
  name: 'Visual Basic',
  aliases: ['vbnet', 'vba', 'vbscript'],
  extensions: ['.vb', '.bas', '.vbs', '.frm'],
  lineComments: ["'"],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
