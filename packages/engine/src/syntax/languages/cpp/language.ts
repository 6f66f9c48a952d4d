/** C++, and headers of either language. */
import type { LanguageDefinition } from '../../language.ts';
import { maskMacros } from '../c/mask-macros.ts';
import { cppOutline } from './outline.ts';

export const cpp: LanguageDefinition = {
  id: 'cpp',
  name: 'C++',
  aliases: ['cxx', 'cc', 'hpp', 'cuda', 'arduino', 'h'],
  extensions: [
    '.cpp',
    '.cc',
    '.cxx',
    '.c++',
    '.h',
    '.hh',
    '.hpp',
    '.hxx',
    '.h++',
    '.inl',
    '.ipp',
    '.tpp',
    '.txx',
    '.inc',
    '.ixx',
    '.cppm',
    '.cu',
    '.cuh',
    '.ino',
  ],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'tree',
  tree: { grammar: 'cpp', outline: cppOutline, mask: maskMacros },
};
