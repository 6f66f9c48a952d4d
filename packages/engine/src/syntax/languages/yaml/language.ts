/** YAML: keys of the first levels, Kubernetes documents, OpenAPI paths. */
import type { LanguageDefinition } from '../../language.ts';
import { yamlKeys } from '../../structure/yaml.ts';

export const yaml: LanguageDefinition = {
  id: 'yaml',
  name: 'YAML',
  aliases: ['yml'],
  extensions: ['.yaml', '.yml', '.sls', '.cff'],
  filenames: ['.clang-format', '.clang-tidy', '.clangd', '.yamllint'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: yamlKeys,
};
