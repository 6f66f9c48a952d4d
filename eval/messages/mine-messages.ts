/** Messages that a repository's code makes, as their readers see them: what stands for variables is filled in. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Message {
  readonly query: string;
  readonly path: string;
  /** Where it is made. */
  readonly line: number;
}

const CODE = /\.(ts|tsx|js|py|go|rs|java|c|cc|cpp|cs|rb|php|kt|scala|swift)$/;
const NO_PRODUCT =
  /(^|[/_.-])(tests?|specs?|__tests__|fixtures|testdata|vendor|third_party|examples?)([/_.-]|$)/i;
const TELLS = /throw|raise|error|bail|panic|fail|warn|abort/i;
const LITERAL = /"((?:[^"\\]|\\.){15,})"|'((?:[^'\\]|\\.){15,})'|`((?:[^`\\]|\\.){15,})`/;
const VARIABLE = /\$\{[^}]*\}|#\{[^}]*\}|\{[^}]*\}|\$\w+(?:->\w+)*|%[-+.\d]*[a-zA-Z]/g;
const VALUES = ['foo.bar', '42', 'UserTable', '/srv/app/x.yml', 'main'];

/** At most `count` that stand in one place only, drawn by `random` (0 to 1). */
export function mineMessages(root: string, count: number, random: () => number): Message[] {
  const found = new Map<string, Message[]>();
  for (const path of codeFiles(root))
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .forEach((text, i) => {
        const query = messageOf(text, random);
        if (query === undefined) return;
        found.set(query, [...(found.get(query) ?? []), { query, path, line: i + 1 }]);
      });
  return [...found.values()]
    .flatMap((places) => (places.length === 1 ? places : []))
    .map((message) => ({ message, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, count)
    .map(({ message }) => message);
}

function codeFiles(root: string): string[] {
  const listed = execFileSync('git', ['-C', root, 'ls-files', '-z', '--stage'], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  return listed
    .split('\0')
    .filter((entry) => entry.startsWith('100'))
    .map((entry) => entry.slice(entry.indexOf('\t') + 1))
    .filter((path) => CODE.test(path) && !NO_PRODUCT.test(path));
}

/** The literal of a line that tells of a failure, when it has four words and three of them in a row. */
function messageOf(line: string, random: () => number): string | undefined {
  if (line.length > 400 || !TELLS.test(line)) return undefined;
  const match = LITERAL.exec(line);
  const literal = match?.[1] ?? match?.[2] ?? match?.[3] ?? '';
  const words = literal.match(/[A-Za-z]{2,}/g) ?? [];
  if (words.length < 4 || !/\w+ \w+ \w+/.test(literal) || /[{}]\s*[;)]|=>/.test(literal)) return undefined;
  return literal
    .replace(VARIABLE, () => VALUES[Math.floor(random() * VALUES.length)] as string)
    .replace(/\\[nt"'\\]/g, ' ')
    .trim();
}
