/**
 * A scripted life of a repository: files are created, edited, renamed, deleted, branches switched. Each version of a file
 * holds a token that nothing else ever held, so that one search tells whether the index knows that version.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomFrom } from './numbers.ts';

export interface Edit {
  readonly what: 'create' | 'edit' | 'rename' | 'delete' | 'switch';
  /** Versions that must be found now, each at its path and nowhere else. */
  readonly present: readonly { readonly token: string; readonly path: string }[];
  /** Tokens that must not be found any more. */
  readonly absent: readonly string[];
}

export interface Script {
  /** Does the next edit; returns when it is on disk. */
  next(): Edit;
}

const FOLDER = 'edited';

export function git(root: string, ...args: readonly string[]): void {
  const own = [
    '-c',
    'core.hooksPath=/dev/null',
    '-c',
    'user.name=bench',
    '-c',
    'user.email=bench@example.org',
    '-c',
    'gc.auto=0',
  ];
  execFileSync('git', [...own, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Makes two branches that differ in `files` files, and stands on the first. */
export function openScript(root: string, seed: number, files = 12): Script {
  const random = randomFrom(seed);
  let serial = 0;
  /** Per branch: what is committed. */
  const branches: [Map<string, string>, Map<string, string>] = [new Map(), new Map()];
  let branch = 0;
  /** Token by path, for what is on disk and not in git. */
  const loose = new Map<string, string>();

  const newToken = () =>
    `token${seed}x${(serial++).toString(36)}z${Math.floor(random() * 1e9).toString(36)}q`;
  const write = (path: string): string => {
    const token = newToken();
    mkdirSync(dirname(join(root, path)), { recursive: true });
    const before = existsSync(join(root, path))
      ? readFileSync(join(root, path), 'utf8').split('\n').slice(0, 40)
      : [];
    const lines = [
      ...before.filter((line) => !line.includes('token')),
      `export function ${token}() {`,
      `  return ${serial};`,
      '}',
      '',
    ];
    writeFileSync(join(root, path), lines.join('\n'));
    return token;
  };
  const anyLoose = () => [...loose.keys()][Math.floor(random() * loose.size)] as string;

  git(root, 'init', '-q', '-b', 'first');
  for (const side of [0, 1]) {
    if (side === 1) git(root, 'checkout', '-q', '-b', 'second');
    for (let i = 0; i < files; i++) {
      const path = `${FOLDER}/branch/file${i + (side === 1 && i > files / 2 ? files : 0)}.ts`;
      branches[side]?.set(path, write(path));
    }
    if (side === 1)
      for (const path of branches[0].keys()) if (!branches[1].has(path)) rmSync(join(root, path));
    git(root, 'add', '-A', '-f', FOLDER);
    git(root, 'commit', '-q', '-m', `side ${side}`);
  }
  git(root, 'checkout', '-q', 'first');

  const create = (): Edit => {
    const path = `${FOLDER}/d${Math.floor(random() * 20)}/new${serial}.ts`;
    const token = write(path);
    loose.set(path, token);
    return { what: 'create', present: [{ token, path }], absent: [] };
  };
  const edit = (): Edit => {
    const path = anyLoose();
    const old = loose.get(path) as string;
    const token = write(path);
    loose.set(path, token);
    return { what: 'edit', present: [{ token, path }], absent: [old] };
  };
  const rename = (): Edit => {
    const from = anyLoose();
    const path = `${FOLDER}/r${Math.floor(random() * 20)}/moved${serial++}.ts`;
    const token = loose.get(from) as string;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    renameSync(join(root, from), join(root, path));
    loose.delete(from);
    loose.set(path, token);
    return { what: 'rename', present: [{ token, path }], absent: [] };
  };
  const remove = (): Edit => {
    const path = anyLoose();
    const token = loose.get(path) as string;
    rmSync(join(root, path));
    loose.delete(path);
    return { what: 'delete', present: [], absent: [token] };
  };
  const switchBranch = (): Edit => {
    const old = branches[branch] as Map<string, string>;
    branch = 1 - branch;
    const now = branches[branch] as Map<string, string>;
    git(root, 'checkout', '-q', branch === 0 ? 'first' : 'second');
    return {
      what: 'switch',
      present: [...now].map(([path, token]) => ({ token, path })),
      absent: [...old.values()],
    };
  };

  return {
    next() {
      const dice = random();
      if (loose.size < 5 || dice < 0.2) return create();
      if (dice < 0.62) return edit();
      if (dice < 0.8) return rename();
      return dice < 0.95 ? remove() : switchBranch();
    },
  };
}
