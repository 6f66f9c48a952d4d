/** Where the repository is and which files git tracks or would track. Knows no check. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Absolute path of the repository. */
export const root = join(import.meta.dirname, '..', '..');

/** Files under version control or about to be, relative, sorted; ignored and deleted ones left out. */
export function projectFiles(): readonly string[] {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 } as const;
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    options,
  );
  return [...new Set(listed.split('\0'))]
    .filter((file) => file !== '' && existsSync(join(root, file)))
    .sort();
}
