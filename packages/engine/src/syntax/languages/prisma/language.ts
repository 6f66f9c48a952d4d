/** Prisma schemas: models, enums and their fields. */
import type { LanguageDefinition } from '../../language.ts';
import { prismaDefinitions } from '../../structure/schemas.ts';

export const prisma: LanguageDefinition = {
  id: 'prisma',
  name: 'Prisma',
  aliases: [],
  extensions: ['.prisma'],
  lineComments: ['//'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: prismaDefinitions,
};
