import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Commit } from '../../ports/history.ts';
import { git, makePipe, tempTree, writeTree } from '../sources/testing/temp-tree.ts';
import { openGitHistory } from './git-history.ts';

async function collect(
  root: string,
  options: { limit?: number; until?: string; signal?: AbortSignal } = {},
): Promise<Commit[]> {
  const commits: Commit[] = [];
  for await (const commit of openGitHistory(root).commits({ limit: 100, ...options })) commits.push(commit);
  return commits;
}

/** Commits as `subject: paths`, one a line. */
async function log(root: string, options: { limit?: number; until?: string } = {}): Promise<string> {
  return (await collect(root, options))
    .map(({ subject, paths }) => `${subject}: ${paths.join(' ')}`)
    .join('\n');
}

function commit(
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

function repository(): { root: string; first: string; second: string; third: string } {
  const root = tempTree();
  git(root, 'init', '-q');
  const first = commit(root, { 'a.ts': '1', 'app/b.ts': '1' }, 'Begin');
  const second = commit(root, { 'app/b.ts': '2', 'app/ü ber.ts': '2' }, 'Change b', 'Because it\nwas wrong.');
  rmSync(join(root, 'a.ts'));
  const third = commit(root, { 'lib/c.ts': '3' }, 'Remove a');
  return { root, first, second, third };
}

test('delivers commits newest first, with message, time and paths', async () => {
  const { root, third } = repository();
  expect(await log(root)).toBe(
    'Remove a: a.ts lib/c.ts\nChange b: app/b.ts app/ü ber.ts\nBegin: a.ts app/b.ts',
  );
  const [newest, middle] = await collect(root);
  expect(newest?.hash).toBe(third);
  expect(newest?.time).toBe(Number(git(root, 'log', '-1', '--format=%ct').trim()));
  expect(middle?.body).toBe('Because it\nwas wrong.');
  const state = await openGitHistory(root).state();
  expect(state).toEqual({ commonDir: join(root, '.git'), head: third, branch: 'main' });
});

test('stops at the limit and at a commit', async () => {
  const { root, first, second, third } = repository();
  expect(await log(root, { limit: 1 })).toBe('Remove a: a.ts lib/c.ts');
  expect(await log(root, { limit: 0 })).toBe('');
  expect(await log(root, { until: second })).toBe('Remove a: a.ts lib/c.ts');
  expect(await log(root, { until: third })).toBe('');
  expect((await collect(root, { until: first })).length).toBe(2);
  // An unknown commit stops nothing; what is no hash is refused.
  expect((await collect(root, { until: 'f'.repeat(40) })).length).toBe(3);
  for (const until of ['--all', 'HEAD', '-n1', `${first}\n`, '--output=x', '']) {
    await expect(collect(root, { until })).rejects.toMatchObject({ code: 'invalid_argument' });
  }
});

test('a subfolder sees its own paths only', async () => {
  const { root } = repository();
  expect(await log(join(root, 'app'))).toBe('Change b: b.ts ü ber.ts\nBegin: b.ts');
  expect((await openGitHistory(join(root, 'app')).state())?.commonDir).toBe(join(root, '.git'));
});

test('ancestors of HEAD only, without merges; worktrees share their family', async () => {
  const { root } = repository();
  git(root, 'checkout', '-q', '-b', 'side', 'HEAD~1');
  commit(root, { 'side.ts': '' }, 'Aside');
  git(root, 'checkout', '-q', 'main');
  expect(await log(root)).not.toContain('Aside');
  git(root, 'merge', '-q', '--no-edit', 'side');
  expect((await log(root)).split('\n')[0]).toBe('Aside: side.ts');
  expect((await collect(root)).length).toBe(4);
  const linked = join(tempTree(), 'linked');
  git(root, 'worktree', 'add', '-q', '--detach', linked, 'side');
  const state = await openGitHistory(linked).state();
  expect([state?.commonDir, state?.branch]).toEqual([join(root, '.git'), undefined]);
  expect((await log(linked)).split('\n')[0]).toBe('Aside: side.ts');
});

test('nothing to tell: no repository, no commits, bare, broken, no git', async () => {
  const plain = tempTree({ 'a.ts': '' });
  expect(await openGitHistory(plain).state()).toBeUndefined();
  expect(await log(plain)).toBe('');

  git(plain, 'init', '-q');
  expect(await openGitHistory(plain).state()).toEqual({
    commonDir: join(plain, '.git'),
    head: undefined,
    branch: 'main',
  });
  expect(await log(plain)).toBe('');

  const { root } = repository();
  const bare = join(tempTree(), 'bare');
  git(root, 'clone', '-q', '--bare', root, bare);
  expect(await openGitHistory(bare).state()).toBeUndefined();
  expect(await log(bare)).toBe('');

  const path = process.env.PATH;
  process.env.PATH = `.:${plain}`;
  try {
    expect(await openGitHistory(root).state()).toBeUndefined();
    expect(await log(root)).toBe('');
  } finally {
    process.env.PATH = path;
  }

  const objects = join(root, '.git/objects');
  for (const folder of readdirSync(objects)) {
    for (const name of readdirSync(join(objects, folder))) {
      chmodSync(join(objects, folder, name), 0o600);
      writeFileSync(join(objects, folder, name), 'broken');
    }
  }
  expect(await log(root)).toBe('');
  writeFileSync(join(root, '.git/config'), '[core\nbroken');
  expect(await openGitHistory(root).state()).toBeUndefined();
  expect(await openGitHistory(join(root, 'gone')).state()).toBeUndefined();
});

test('a shallow clone does not blame its oldest commit for every file', async () => {
  const { root } = repository();
  const shallow = join(tempTree(), 'shallow');
  git(root, 'clone', '-q', '--depth', '2', `file://${root}`, shallow);
  expect(await log(shallow)).toBe('Remove a: a.ts lib/c.ts\nChange b: ');
});

test('names and messages cannot pass for commits or lead out of the tree', async () => {
  const { root, first } = repository();
  const forged = `\x01${first}`;
  commit(
    root,
    { [forged]: '', ':100644 100644 x': '', 'new\nline': '' },
    'Forge',
    `\x01${first}\n\n:000000 100644 ${first} ${first} A`,
  );
  const [newest, ...rest] = await collect(root);
  expect([newest?.subject, newest?.paths, rest.length]).toEqual([
    'Forge',
    [forged, ':100644 100644 x', 'new\nline'],
    3,
  ]);

  const blob = git(root, 'rev-parse', 'HEAD:lib/c.ts').trim();
  const tree = execFileSync('git', ['mktree'], {
    cwd: root,
    input: `100644 blob ${blob}\tok.ts\n100644 blob ${blob}\ta\\b\n`,
    encoding: 'utf8',
  }).trim();
  const raw = Buffer.concat([Buffer.from('40000 ..\0'), Buffer.from(tree, 'hex')]);
  const evil = execFileSync('git', ['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'], {
    cwd: root,
    input: raw,
    encoding: 'utf8',
  }).trim();
  git(root, 'reset', '-q', '--soft', git(root, 'commit-tree', evil, '-m', 'Escape').trim());
  expect(await log(root)).toBe('Escape: ');
  git(root, 'reset', '-q', '--soft', git(root, 'commit-tree', tree, '-m', 'Backslash').trim());
  expect(await log(root)).toBe('Backslash: ok.ts');
});

test('a long message is cut, submodules are no files', async () => {
  const { root, first } = repository();
  git(root, 'update-index', '--add', '--cacheinfo', `160000,${first},vendored`);
  writeFileSync(join(root, 'message'), `Long\n\n${'x'.repeat(3_000_000)}`);
  git(root, 'commit', '-q', '-F', 'message');
  const [newest] = await collect(root, { limit: 1 });
  expect([newest?.paths, newest?.body.length]).toEqual([[], 32 * 1024]);
});

test('a reader that leaves, a cancelled and a late one end git', async () => {
  const { root } = repository();
  for await (const _ of openGitHistory(root).commits({ limit: 10 })) break;
  await expect(collect(root, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  // git waits for somebody to write into a pipe that poses as one of its files.
  rmSync(join(root, '.git/HEAD'));
  makePipe(join(root, '.git/HEAD'));
  await expect(collect(root, { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
    code: 'cancelled',
  });
});

/** Every way known by which a repository's settings make git run a program. Each writes a file when it succeeds. */
function hostileRepository(): { root: string; canaries: string } {
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

function ran(canaries: string): string[] {
  return readdirSync(canaries).filter((name) => name.startsWith('RAN'));
}

test('a hostile repository runs nothing and changes nothing of the form', async () => {
  const { root, canaries } = hostileRepository();
  const before = git(
    tempTree(),
    '--git-dir',
    join(root, '.git'),
    '-c',
    'core.fsmonitor=false',
    'rev-parse',
    'HEAD',
  ).trim();
  expect(await log(root)).toBe(
    'Remove a: a.ts lib/c.ts\nChange b: app/b.ts app/ü ber.ts\nBegin: a.ts app/b.ts',
  );
  expect(await log(join(root, 'app'))).toBe('Change b: b.ts ü ber.ts\nBegin: b.ts');
  expect(await openGitHistory(root).state()).toEqual({
    commonDir: join(root, '.git'),
    head: before,
    branch: 'main',
  });
  expect(ran(canaries)).toEqual([]);
  // The traps do work: ordinary git walks into some of them.
  const open = ['-c', 'diff.orderFile=/dev/null', '-c', 'log.follow=false', 'log', '-p', '-1', '--ext-diff'];
  for (const args of [['status'], open]) spawnSync('git', args, { cwd: root, stdio: 'ignore' });
  expect(ran(canaries)).toEqual(expect.arrayContaining(['RAN-included', 'RAN-included-gpg', 'RAN-process']));
});

test('a partial clone that lacks trees fetches nothing', async () => {
  const { root } = repository();
  git(root, 'config', 'uploadpack.allowFilter', 'true');
  const canaries = tempTree();
  const trap = join(canaries, 'upload.sh');
  writeFileSync(trap, `#!/bin/sh\ntouch ${canaries}/RAN-upload\nexec git-upload-pack "$@"\n`, {
    mode: 0o755,
  });
  const clone = join(tempTree(), 'partial');
  git(root, 'clone', '-q', '--no-checkout', '--filter=tree:0', `file://${root}`, clone);
  git(clone, 'config', 'remote.origin.uploadpack', trap);
  for (const url of [
    `file://${root}`,
    `ext::sh -c "touch ${canaries}/RAN-ext"`,
    'ssh://localhost/x',
    'git://localhost/x',
  ]) {
    git(clone, 'config', 'remote.origin.url', url);
    git(clone, 'config', 'core.sshCommand', `touch ${canaries}/RAN-ssh; false`);
    git(clone, 'config', 'core.gitProxy', trap);
    git(clone, 'config', 'protocol.ext.allow', 'always');
    await log(clone);
    expect([url, ran(canaries)]).toEqual([url, []]);
  }
  git(clone, 'config', 'remote.origin.url', `file://${root}`);
  git(clone, 'config', 'remote.origin.vcs', 'evil');
  await log(clone);
  // The trap does work.
  git(clone, 'config', '--unset', 'remote.origin.vcs');
  spawnSync('git', ['log', '--name-only'], { cwd: clone, stdio: 'ignore' });
  expect(ran(canaries)).toEqual(['RAN-upload']);
  expect(existsSync(join(clone, '.git/FETCH_HEAD'))).toBe(false);
});
