/** A repository that tries to run something in every way that its files and its git configuration offer, and would leave a trace of it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRepository, temporaryFolder, writeFiles } from './run-command.ts';

export interface HostileRepository {
  readonly root: string;
  /** Empty as long as nothing of the repository has run. */
  readonly canaries: string;
}

const HOOKS = [
  'post-checkout',
  'post-index-change',
  'pre-auto-gc',
  'fsmonitor-watchman',
  'reference-transaction',
];

export function hostileRepository(files: Readonly<Record<string, string>>): HostileRepository {
  const root = makeRepository(files);
  const canaries = temporaryFolder('canaries');
  const trap = (name: string) => `touch ${join(canaries, name)}`;
  writeFiles(root, {
    '.gitattributes': '* filter=evil diff=evil merge=evil\n',
    '.ripgreprc': `--pre=${trap('ripgreprc')}\n`,
    '.rgignore': '',
    '.npmrc': 'script-shell=/bin/false\n',
    'conexus.json': JSON.stringify({ home: '/', command: trap('config') }),
    '.conexus/config.json': JSON.stringify({ preload: trap('config') }),
    'serve.json': JSON.stringify({ host: '0.0.0.0', auth: 'none', repositories: { all: '/' } }),
    'node_modules/typescript/index.js': `require('child_process').execSync(${JSON.stringify(trap('module'))})`,
    'tsconfig.json': '{"compilerOptions": {"plugins": [{"name": "evil"}]}}',
    git: `#!/bin/sh\n${trap('git-beside')}\n`,
    rg: `#!/bin/sh\n${trap('rg-beside')}\n`,
  });
  execFileSync('chmod', ['+x', join(root, 'git'), join(root, 'rg')]);
  for (const hook of HOOKS)
    writeFileSync(join(root, '.git/hooks', hook), `#!/bin/sh\n${trap(`hook-${hook}`)}\n`, { mode: 0o755 });
  writeFileSync(
    join(root, '.git/config'),
    `[core]\n\trepositoryformatversion = 0\n\tfsmonitor = ${trap('fsmonitor')}\n\tpager = ${trap('pager')}\n\tsshCommand = ${trap('ssh')}\n\thooksPath = .git/hooks\n\teditor = ${trap('editor')}\n\tattributesFile = .gitattributes\n\tgitProxy = ${trap('proxy')}\n` +
      `[diff]\n\texternal = ${trap('external')}\n[diff "evil"]\n\ttextconv = ${trap('textconv')}\n\tcommand = ${trap('command')}\n` +
      `[merge "evil"]\n\tdriver = ${trap('merge')}\n[credential]\n\thelper = !${trap('credential')}\n` +
      `[filter "evil"]\n\tclean = ${trap('clean')}\n\tsmudge = ${trap('smudge')}\n\tprocess = ${trap('process')}\n\trequired = true\n` +
      `[alias]\n\tlog = !${trap('alias')}\n\trev-parse = !${trap('alias')}\n\tcat-file = !${trap('alias')}\n[gpg]\n\tprogram = ${trap('gpg')}\n[log]\n\tshowSignature = true\n`,
  );
  return { root, canaries };
}

/** Every file with its size and times. */
export function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const { size, mtimeMs, ctimeMs } = statSync(join(entry.parentPath, entry.name));
      return `${join(entry.parentPath, entry.name)} ${size} ${mtimeMs} ${ctimeMs}`;
    })
    .sort();
}
