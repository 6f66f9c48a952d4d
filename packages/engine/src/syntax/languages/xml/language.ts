/** XML: elements of the first levels, named by id or name. */
import type { LanguageDefinition } from '../../language.ts';
import { xmlElements } from '../../structure/xml.ts';

export const xml: LanguageDefinition = {
  id: 'xml',
  name: 'XML',
  aliases: ['xsd', 'pom', 'csproj'],
  extensions: ['.xml', '.xsd', '.xsl', '.xslt', '.wsdl', '.svg', '.csproj', '.fsproj', '.vbproj', '.vcxproj', '.props', '.targets', '.nuspec', '.resx', '.xaml', '.axml', '.plist', '.xliff', '.xlf', '.rss', '.config', '.ui', '.qrc', '.storyboard', '.xib', '.fxml', '.iml', '.dtd'],
  lineComments: [],
  blockComments: [['<!--', '-->']],
  reader: 'structure',
  structure: xmlElements,
};
