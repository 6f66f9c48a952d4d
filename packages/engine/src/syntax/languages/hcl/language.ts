/** HCL (Terraform, Packer, Nomad): blocks and assignments at top level. */
import type { LanguageDefinition } from '../../language.ts';
import { hclBlocks } from '../../structure/schemas.ts';

export const hcl: LanguageDefinition = {
  id: 'hcl',
  name: 'HCL',
  aliases: ['terraform', 'tf'],
  extensions: ['.tf', '.tfvars', '.hcl', '.nomad', '.pkr.hcl'],
  lineComments: ['#', '//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: hclBlocks,
};
