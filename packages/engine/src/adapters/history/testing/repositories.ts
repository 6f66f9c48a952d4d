/** Repositories for the tests of history, one of them hostile. Not part of the engine. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git, tempTree, writeTree } from '../../sources/testing/temp-tree.ts';

/** Commits these files, and everything else that changed. Its hash. */
export function commit(
  root: string,
  files: Readonly<Record<string, string>>,
  ...message: readonly string[]
): string {
  writeTree(root, files);
  git(root, 'add', '-A', '.');
  git(
    root,
    '-c',
    'commit.gpgSign=false',
    'commit',
    '-q',
    '--allow-empty',
    ...message.flatMap((part) => ['-m', part]),
  );
  return git(root, 'rev-parse', 'HEAD').trim();
}

export function repository(): { root: string; first: string; second: string; third: string } {
  const root = tempTree();
  git(root, 'init', '-q');
  const first = commit(root, { 'a.ts': '1', 'app/b.ts': '1' }, 'Begin');
  const second = commit(root, { 'app/b.ts': '2', 'app/ü ber.ts': '2' }, 'Change b', 'Because it\nwas wrong.');
  rmSync(join(root, 'a.ts'));
  const third = commit(root, { 'lib/c.ts': '3' }, 'Remove a');
  return { root, first, second, third };
}

/** Every way known by which a repository's settings make git run a program. Each writes a file when it succeeds. */
export function hostileRepository(): { root: string; canaries: string } {
  const { root } = repository();
  const canaries = tempTree();
  const script = (name: string): string => {
    const file = join(canaries, `${name}.sh`);
    writeFileSync(file, `#!/bin/sh\ntouch ${canaries}/RAN-${name}\ncat\n`, { mode: 0o755 });
    return file;
  };
  writeTree(root, {
    '.gitattributes': '* filter=evil diff=evil merge=evil textconv=evil\n',
    '.mailmap': 'Evil <evil@example.org> <test@example.org>\n',
    '.git/info/attributes': '* filter=evil diff=evil\n',
  });
  writeFileSync(
    join(canaries, 'included'),
    `[core]\n\tfsmonitor = ${script('included')}\n[gpg]\n\tprogram = ${script('included-gpg')}\n`,
  );
  const signed = git(root, 'cat-file', 'commit', 'HEAD').replace(
    '\n\n',
    '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n',
  );
  const hash = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], {
    cwd: root,
    input: signed,
    encoding: 'utf8',
  }).trim();
  git(root, 'update-ref', 'HEAD', hash);
  mkdirSync(join(root, '.git/hooks'), { recursive: true });
  for (const hook of [
    'post-checkout',
    'pre-auto-gc',
    'post-index-change',
    'fsmonitor-watchman',
    'reference-transaction',
  ]) {
    writeFileSync(join(root, '.git/hooks', hook), `#!/bin/sh\ntouch ${canaries}/RAN-hook-${hook}\n`, {
      mode: 0o755,
    });
  }
  appendFileSync(join(root, '.git/config'), hostileSettings(script, canaries));
  return { root, canaries };
}

function hostileSettings(script: (name: string) => string, canaries: string): string {
  return `
[core]
	fsmonitor = ${script('fsmonitor')}
	pager = ${script('pager')}
	editor = ${script('editor')}
	sshCommand = ${script('ssh')}
	gitProxy = ${script('proxy')}
	askPass = ${script('askpass')}
	hooksPath = .git/hooks
	alternateRefsCommand = ${script('alternate')}
	attributesFile = ${canaries}/attributes
	untrackedCache = true
[pager]
	log = ${script('pager-log')}
	rev-parse = ${script('pager-rev-parse')}
[diff]
	external = ${script('diff-external')}
	orderFile = ${canaries}/no-such-order
	renames = copies
	relative = true
	submodule = log
[diff "evil"]
	command = ${script('diff-command')}
	textconv = ${script('textconv')}
	cachetextconv = true
[filter "evil"]
	clean = ${script('clean')}
	smudge = ${script('smudge')}
	process = ${script('process')}
	required = true
[merge "evil"]
	driver = ${script('merge')}
[gpg]
	program = ${script('gpg')}
[gpg "ssh"]
	program = ${script('gpg-ssh')}
[log]
	showSignature = true
	showRoot = false
	follow = true
	mailmap = true
	diffMerges = remerge
	decorate = full
	date = format:%x00
[format]
	pretty = %H%G?%GS
	notes = true
[mailmap]
	blob = HEAD:.mailmap
[alias]
	log = !${script('alias-log')}
	rev-parse = !${script('alias-rev-parse')}
	symbolic-ref = !${script('alias-symbolic')}
[credential]
	helper = !${script('credential')}
[include]
	path = ${canaries}/included
[includeIf "gitdir:**"]
	path = ${canaries}/included
[protocol]
	allow = always
[protocol "ext"]
	allow = always
[trace2]
	eventTarget = ${canaries}/RAN-trace2
[maintenance]
	auto = true
[gc]
	auto = 1
[i18n]
	logOutputEncoding = UTF-16
[color]
	ui = always
`;
}

export function ran(canaries: string): string[] {
  return readdirSync(canaries).filter((name) => name.startsWith('RAN'));
}
