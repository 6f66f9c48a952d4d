/** Definitions of C; C++'s table begins with this one. */
import type { OutlineRules } from '../../outline/rules.ts';
import { readDeclaration, readFunction, readMacro, readSpecifier, readTypedef } from './declarators.ts';

export const cOutline: OutlineRules = {
  definitions: {
    function_definition: readFunction,
    declaration: readDeclaration,
    field_declaration: readDeclaration,
    struct_specifier: readSpecifier('struct'),
    union_specifier: readSpecifier('struct'),
    enum_specifier: readSpecifier('enum'),
    enumerator: { kind: 'constant', body: 'value' },
    type_definition: readTypedef,
    preproc_def: readMacro,
    preproc_function_def: readMacro,
  },
  descend: [
    'translation_unit',
    'preproc_if',
    'preproc_ifdef',
    'preproc_else',
    'preproc_elif',
    'preproc_elifdef',
    'linkage_specification',
    'declaration_list',
    'declaration',
    'type_definition',
    'struct_specifier',
    'union_specifier',
    'enum_specifier',
    'enumerator_list',
    'field_declaration_list',
    'field_declaration',
  ],
  comments: ['comment'],
};
