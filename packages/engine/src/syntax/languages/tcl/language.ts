/** Tcl: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [],
  patterns: [
    ['function', /^proc\s+([\w:]+)/],
    ['namespace', /^namespace\s+eval\s+([\w:]+)/],
    ['class', /^(?:oo::)?class\s+(?:create\s+)?([\w:]+)/],
    ['test', /^test\s+\{([^{}]+)\}/],
    ['test', /^test\s+"?([\w.-]+)/],
  ],
};

export const tcl: LanguageDefinition = {
  id: 'tcl',
  name: 'Tcl',
  aliases: [],
  extensions: ['.tcl', '.tk', '.exp'],
  shebangs: ['tclsh', 'wish', 'expect'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
