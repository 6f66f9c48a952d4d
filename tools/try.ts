/**
 * Indexes a repository and searches it through the command line that users have, and shows the commands it ran.
 * Usage: npm run try [-- [ROOT] [QUERY]]     this repository and an example question by default
 * Knows the command's arguments, not its code.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const exampleQuery = 'where is a broken symlink or a file that is too large skipped, with its reason';

function main(args: readonly string[]): number {
  // npm changes to the package's folder; a relative path is meant from where the user stands.
  const here = process.env['INIT_CWD'] ?? process.cwd();
  const repository = join(import.meta.dirname, '..');
  const first = args[0];
  const rootGiven = first !== undefined && (args.length > 1 || isFolder(resolve(here, first)));
  const root = rootGiven ? resolve(here, first) : repository;
  const words = args
    .slice(rootGiven ? 1 : 0)
    .join(' ')
    .trim();
  const query = words !== '' ? words : exampleQuery;

  const status =
    conexus(repository, ['index', root]) || conexus(repository, ['search', query, '--root', root]);
  if (status !== 0) return status;
  console.log(`\nAsk more:       npm run try -- ${rootGiven ? root : '.'} "your question"`);
  console.log(
    `For an agent:   ${process.execPath} ${join(repository, 'packages/server/bin/conexus.js')} mcp --root ${root}`,
  );
  return 0;
}

function conexus(repository: string, args: readonly string[]): number {
  console.log(
    `\n$ conexus ${args.map((each) => (/^[\w./:-]+$/.test(each) ? each : JSON.stringify(each))).join(' ')}`,
  );
  const result = spawnSync(process.execPath, [join(repository, 'packages/server/bin/conexus.js'), ...args], {
    stdio: 'inherit',
  });
  return result.status ?? 1;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

process.exitCode = main(process.argv.slice(2));
