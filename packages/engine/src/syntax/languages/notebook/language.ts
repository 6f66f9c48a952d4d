/** Jupyter notebooks: one section a cell, with the lines of the JSON file. */
import type { LanguageDefinition } from '../../language.ts';
import { notebookCells } from '../../structure/notebook.ts';

export const notebook: LanguageDefinition = {
  id: 'notebook',
  name: 'Jupyter notebook',
  aliases: ['ipynb', 'jupyter'],
  extensions: ['.ipynb'],
  lineComments: [],
  blockComments: [],
  reader: 'structure',
  structure: notebookCells,
};
