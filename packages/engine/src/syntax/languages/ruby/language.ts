/** Ruby. */
import type { LanguageDefinition } from '../../language.ts';
import { rubyOutline } from './outline.ts';

export const ruby: LanguageDefinition = {
  id: 'ruby',
  name: 'Ruby',
  aliases: ['rb', 'jruby'],
  extensions: ['.rb', '.rake', '.gemspec', '.ru', '.podspec', '.jbuilder', '.rbi', '.thor'],
  filenames: [
    'Rakefile',
    'Gemfile',
    'Guardfile',
    'Vagrantfile',
    'Capfile',
    'Fastfile',
    'Appfile',
    'Podfile',
    'Brewfile',
    'Dangerfile',
    'Thorfile',
    '.irbrc',
    '.pryrc',
    '.simplecov',
  ],
  shebangs: ['ruby', 'jruby', 'rake'],
  lineComments: ['#'],
  blockComments: [['=begin', '=end']],
  reader: 'tree',
  tree: { grammar: 'ruby', outline: rubyOutline },
};
