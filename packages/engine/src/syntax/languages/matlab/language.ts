/** MATLAB and Octave: definitions found by the shape of their first line. */
import type { LanguageDefinition } from '../../language.ts';
import type { PatternSyntax } from '../../structure/patterns.ts';
import { patternOutline } from '../../structure/patterns.ts';

const syntax: PatternSyntax = {
  comments: ['%'],
  blockComments: [['%{', '%}']],
  patterns: [
    ['function', /^function\s+(?:[^=()]*=\s*)?([\w.]+)/],
    ['class', /^classdef\s+(?:\([^()]*\)\s*)?(\w+)/],
  ],
};

export const matlab: LanguageDefinition = {
  id: 'matlab',
  name: 'MATLAB and Octave',
  aliases: ['octave'],
  extensions: ['.mat.m', '.mlx'],
  shebangs: ['octave'],
  lineComments: ['%'],
  blockComments: [['%{', '%}']],
  reader: 'structure',
  structure: (text) => patternOutline(text, syntax),
};
