/** The launcher as a child process, as a person runs it; and a small repository for it. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const LAUNCHER = fileURLToPath(new URL('../../bin/conexus.js', import.meta.url));

export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
}

/** The environment of the machine that runs the tests must not decide their result. */
export function cleanEnv(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, ...env };
}

export function runCommand(args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    cwd: options.cwd,
    env: cleanEnv(options.env),
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

export function temporaryFolder(name: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), `conexus-${name}-`)));
}

export function writeFiles(root: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** A git repository with one commit. */
export function makeRepository(files: Readonly<Record<string, string | Buffer>>): string {
  const root = temporaryFolder('repository');
  writeFiles(root, files);
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], {
      stdio: 'pipe',
    });
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'Sessions: keep them in a store');
  return root;
}

export const SMALL_REPOSITORY = {
  'src/session.ts': [
    "import { store } from './store.ts';",
    '',
    '/** Ends a session, so that its cookie is refused from now on. */',
    'export function invalidateSession(id: string): boolean {',
    '  return store.delete(id);',
    '}',
    '',
  ].join('\n'),
  'src/store.ts': 'export const store = new Map<string, { readonly user: string }>();\n',
  'src/session.test.ts':
    "import { invalidateSession } from './session.ts';\n\nit('ends a session', () => invalidateSession('a'));\n",
  'docs/sessions.md':
    '# Sessions\n\nA session ends after ten minutes.\n\n```ts\ninvalidateSession(id)\n```\n',
  'README.md': '# Shop\n\nA shop with sessions.\n',
  '.gitignore': 'secret.txt\n',
  'secret.txt': 'the ignored password\n',
  '.env': 'API_KEY=abcdefghijklmnop\n',
  'logo.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]),
} as const;
