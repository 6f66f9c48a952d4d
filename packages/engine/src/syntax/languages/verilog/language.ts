/** Verilog and SystemVerilog: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [['/*', '*/']],
  closers: ['endmodule', 'endclass', 'endinterface', 'endpackage', 'endfunction', 'endtask', 'end'],
  closedBy: { kinds: ['module'], word: 'endmodule' },
  patterns: [
    ['module', /^(?:module|macromodule|program)\s+(?:automatic\s+|static\s+)?(\w+)/],
    ['class', /^(?:virtual\s+)?class\s+(\w+)/],
    ['interface', /^interface\s+(?!class\b)(\w+)/],
    ['namespace', /^package\s+(\w+)/],
    [
      'function',
      /^(?:(?:virtual|static|protected|local|extern|pure)\s+)*(?:function|task)\s+(?:automatic\s+|static\s+)?(?:[\w:[\]\- ]+\s+)?(\w+)\s*(?=[(;])/,
    ],
    ['constant', /^(?:localparam|parameter)\s+(?:[\w[\]:\- ]+\s+)?(\w+)\s*=/],
    ['macro', /^`define\s+(\w+)/],
  ],
};

export const verilog: LanguageDefinition = {
  id: 'verilog',
  name: 'Verilog and SystemVerilog',
  aliases: ['systemverilog', 'sv'],
  extensions: ['.v', '.sv', '.svh', '.vh'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
