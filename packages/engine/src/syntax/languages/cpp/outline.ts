/** Definitions of C++: C's and its own. */

import type { OutlineRules } from '../../outline/rules.ts';
import { readSpecifier } from '../c/declarators.ts';
import { cOutline } from '../c/outline.ts';

export const cppOutline: OutlineRules = {
  ...cOutline,
  definitions: {
    ...cOutline.definitions,
    class_specifier: readSpecifier('class'),
    namespace_definition: { kind: 'namespace' },
    alias_declaration: { kind: 'type', body: [], nonLocal: true },
    namespace_alias_definition: { kind: 'namespace', body: [], nonLocal: true },
    concept_definition: { kind: 'type', body: [] },
  },
  descend: [...cOutline.descend, 'class_specifier', 'namespace_definition'],
  wrappers: ['template_declaration'],
};
