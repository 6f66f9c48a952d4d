/** A small repository with a past, for tests: ten source files, commits that change one or two of them, and noise between. */
import { execFileSync } from 'node:child_process';

/** What each file is about: words that its commits use, too. */
export const TOPICS: Readonly<Record<string, readonly [noun: string, verb: string]>> = {
  session: ['session cookie', 'expire'],
  invoice: ['invoice total', 'round'],
  search: ['query result', 'rank'],
  upload: ['file upload', 'resume'],
  mail: ['mail message', 'deliver'],
  cache: ['cache entry', 'evict'],
  login: ['login password', 'verify'],
  report: ['monthly report', 'render'],
  queue: ['job queue', 'retry'],
  export: ['csv export', 'escape'],
};

const MARK_BASE = 1_700_000_000;

export interface PastCommit {
  readonly message: string;
  readonly files: Readonly<Record<string, string>>;
  /** Steps back to a second parent; the commit is a merge. */
  readonly merges?: number;
}

/** `export function expireSession3…` in the words of the topic. */
export function sourceOf(topic: string, version: number): string {
  const [noun = '', verb = ''] = TOPICS[topic] ?? [];
  const name = noun.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
  return [
    `/** Holds every ${noun}; can ${verb} it. */`,
    `export class ${topic[0]?.toUpperCase()}${topic.slice(1)}Store {`,
    `  ${verb}(${name}: string): string {`,
    `    return \`${noun} ${version}: \${${name}}\`;`,
    '  }',
    '}',
    '',
  ].join('\n');
}

/** `count` telling commits over the topics, after one that adds everything; noise after every third. */
export function pastCommits(count: number): readonly PastCommit[] {
  const topics = Object.keys(TOPICS);
  const all = Object.fromEntries(topics.map((topic) => [`src/${topic}.ts`, sourceOf(topic, 0)]));
  const commits: PastCommit[] = [{ message: 'Initial commit', files: { ...all, 'README.md': '# Shop\n' } }];
  for (let i = 0; i < count; i++) {
    const topic = topics[(i * 3) % topics.length] as string;
    const [noun, verb] = TOPICS[topic] as readonly [string, string];
    const message = `${verb} the ${noun} correctly, case ${i} (#${i + 10})\n\nThe ${noun} was wrong.\n\nSigned-off-by: A <a@example.org>\n`;
    commits.push({ message, files: { [`src/${topic}.ts`]: sourceOf(topic, i + 1) } });
    if (i % 3 === 2)
      commits.push({
        message: 'Bump version to the next one',
        files: { 'src/mail.ts': sourceOf('mail', i) },
      });
  }
  return commits;
}

/** Makes the repository in an empty folder by one `git fast-import`, and checks nothing out. */
export function makePast(root: string, commits: readonly PastCommit[]): void {
  const run = (args: readonly string[], input?: string) =>
    execFileSync('git', args, {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: root, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(input === undefined ? {} : { input }),
    });
  run(['-c', 'init.defaultBranch=main', 'init', '-q']);
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const stream = commits.map(({ message, files, merges }, i) =>
    [
      `commit refs/heads/main\nmark :${i + 1}\n`,
      `committer Test <test@example.org> ${MARK_BASE + i * 60} +0000\n${data(message)}`,
      i > 0 ? `from :${i}\n` : '',
      merges === undefined ? '' : `merge :${i + 1 - merges}\n`,
      ...Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`),
    ].join(''),
  );
  run(['fast-import', '--quiet'], `${stream.join('\n')}\n`);
}
