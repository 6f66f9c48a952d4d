/** PowerShell: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['#'],
  blockComments: [['<#', '#>']],
  patterns: [
    ['function', /^(?:function|filter|workflow)\s+(?:global:|script:)?([\w-]+)/i],
    ['class', /^class\s+(\w+)/i],
    ['enum', /^enum\s+(\w+)/i],
    ['method', /^(?:hidden\s+|static\s+)*\[[\w.[\]]+\]\s*(\w+)\s*\(/i],
    ['test', /^(?:Describe|Context|It)\s+['"]([^'"]+)/],
  ],
};

export const powershell: LanguageDefinition = {
  id: 'powershell',
  name: 'PowerShell',
  aliases: ['ps1', 'pwsh'],
  extensions: ['.ps1', '.psm1', '.psd1'],
  shebangs: ['pwsh'],
  lineComments: ['#'],
  blockComments: [['<#', '#>']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
