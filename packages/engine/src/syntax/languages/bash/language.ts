/** Shell scripts: Bash, and what is near enough to be read by its grammar. */
import type { LanguageDefinition } from '../../language.ts';
import { bashOutline } from './outline.ts';

export const bash: LanguageDefinition = {
  id: 'bash',
  name: 'Bash',
  aliases: ['sh', 'shell', 'zsh', 'ksh', 'shellscript', 'console'],
  extensions: ['.sh', '.bash', '.zsh', '.ksh', '.bats', '.ebuild'],
  filenames: [
    '.bashrc',
    '.bash_profile',
    '.bash_aliases',
    '.profile',
    '.zshrc',
    '.zshenv',
    '.zprofile',
    'PKGBUILD',
    '.envrc',
  ],
  shebangs: ['sh', 'bash', 'zsh', 'dash', 'ksh', 'ash', 'bats'],
  lineComments: ['#'],
  blockComments: [],
  reader: 'tree',
  tree: { grammar: 'bash', outline: bashOutline },
};
