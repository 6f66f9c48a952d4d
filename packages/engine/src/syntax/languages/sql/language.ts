/** SQL: what it creates or alters. */
import type { LanguageDefinition } from '../../language.ts';
import { sqlDefinitions } from '../../structure/sql.ts';

export const sql: LanguageDefinition = {
  id: 'sql',
  name: 'SQL',
  aliases: ['psql', 'mysql', 'plsql', 'tsql'],
  extensions: ['.sql', '.ddl', '.pgsql', '.psql', '.plsql', '.pls', '.pks', '.pkb', '.tsql', '.cql'],
  lineComments: ['--'],
  blockComments: [['/*', '*/']],
  reader: 'structure',
  structure: sqlDefinitions,
};
