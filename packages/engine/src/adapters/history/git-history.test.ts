import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Commit } from '../../ports/history.ts';
import { git, makePipe, tempTree } from '../sources/testing/temp-tree.ts';
import { openGitHistory } from './git-history.ts';
import { commit, hostileRepository, ran, repository } from './testing/repositories.ts';

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

test('git is not asked again and again where there is no commit, and at once when there is one', async () => {
  const plain = tempTree();
  git(plain, 'init', '-q', '-b', 'main');
  const tools = tempTree();
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeFileSync(join(tools, 'git'), `#!/bin/sh\necho >> '${tools}/asked'\nexec '${real}' "$@"\n`, {
    mode: 0o755,
  });
  const path = process.env.PATH;
  process.env.PATH = tools;
  try {
    const history = openGitHistory(plain);
    for (let i = 0; i < 5; i++) expect((await history.state())?.head).toBeUndefined();
    // Where the root stands, HEAD and its branch, together and one by one.
    expect(readFileSync(join(tools, 'asked'), 'utf8').length).toBe(4);
    process.env.PATH = path;
    const made = commit(plain, { 'a.ts': 'a\n' }, 'First');
    process.env.PATH = tools;
    expect((await history.state())?.head).toBe(made);
  } finally {
    process.env.PATH = path;
  }
});

test.skipIf(process.getuid?.() !== 0)(
  'a repository of another user is read, too, as a server has one of its own',
  async () => {
    const { root } = repository();
    execFileSync('chown', ['-R', '4321:4321', root]);
    expect(await log(root)).toContain('Begin: a.ts app/b.ts');
  },
);
