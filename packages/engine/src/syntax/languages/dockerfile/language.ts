/** Dockerfiles: stages and their variables. */
import type { LanguageDefinition } from '../../language.ts';
import { dockerfileStages } from '../../structure/build-files.ts';

export const dockerfile: LanguageDefinition = {
  id: 'dockerfile',
  name: 'Dockerfile',
  aliases: ['docker', 'containerfile'],
  extensions: ['.dockerfile', '.containerfile'],
  filenames: ['Dockerfile*', 'Containerfile*'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'structure',
  structure: dockerfileStages,
};
