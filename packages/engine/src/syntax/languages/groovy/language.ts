/** Groovy: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['//'],
  blockComments: [['/*', '*/']],
  attributes: ['@'],
  patterns: [
    ['class', /^(?:(?:public|private|protected|abstract|final|static)\s+)*class\s+(\w+)/],
    ['interface', /^(?:public\s+)?interface\s+(\w+)/],
    ['enum', /^(?:public\s+)?enum\s+(\w+)/],
    ['trait', /^trait\s+(\w+)/],
    ['test', /^def\s+["']([^"']+)["']\s*\(/],
    [
      'function',
      /^(?:(?:public|private|protected|static|final|synchronized)\s+)*(?:def|void|[A-Z]\w*(?:<[^<>]*>)?(?:\[\])?|int|boolean|long|double)\s+(\w+)\s*\([^;]*$/,
    ],
    ['target', /^task\s+(\w+)/],
    ['target', /^tasks\.(?:register|create|named)\(?\s*['"](\w+)/],
    ['section', /^(?:stage)\s*\(\s*['"]([^'"]+)/],
    ['section', /^([a-zA-Z]\w*)\s*\{$/],
  ],
};

export const groovy: LanguageDefinition = {
  id: 'groovy',
  name: 'Groovy',
  aliases: ['gradle', 'jenkinsfile'],
  extensions: ['.groovy', '.gradle', '.gvy'],
  filenames: ['Jenkinsfile*'],
  shebangs: ['groovy'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
