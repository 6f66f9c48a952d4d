/** Lines of documents that name the target outright: its path, its qualified name, its name. Each is read again before it counts. */
import type { FilePath } from '../model/file.ts';
import { looksLikeCode } from '../query/mentions.ts';
import type { Mention, RelatedParts, Target } from './parts.ts';
import { namesCommit, SHORTEST_HASH } from './ticket-references.ts';

const TIMEOUT_MS = 2_000;
const MAX_MATCHES = 2_000;
/** Names of files that say nothing alone. */
const COMMON_STEMS =
  /^(?:index|main|mod|lib|__init__|__main__|init|types?|utils?|helpers?|common|constants?|config|setup|readme|test|tests)$/i;
const DOC_GLOBS = [
  'md',
  'mdx',
  'markdown',
  'rst',
  'adoc',
  'asciidoc',
  'txt',
  'org',
  'textile',
  'rdoc',
  'html',
].map((end) => `*.${end}`);

interface NamePattern {
  /** For ripgrep, whose syntax this part shares with JavaScript. */
  readonly pattern: string;
  readonly strength: Mention['strength'];
}

/** Documents only, or for a ticket every file. */
export async function findMentions(
  parts: RelatedParts,
  target: Target,
  signal?: AbortSignal,
): Promise<readonly Mention[]> {
  const patterns = patternsOf(target);
  if (patterns.length === 0) return [];
  const tests = patterns.map(({ pattern, strength }) => ({ strength, test: new RegExp(pattern) }));
  const own = 'path' in target ? target.path : undefined;
  const isAsked = (path: FilePath): boolean => {
    const file = parts.index.view.file(path);
    return file !== undefined && path !== own && (target.kind === 'ticket' || file.kind === 'doc');
  };
  const { matches } = await parts.grep.search({
    pattern: patterns.map(({ pattern }) => `(?:${pattern})`).join('|'),
    regex: true,
    ...(target.kind === 'ticket' ? {} : { globs: DOC_GLOBS }),
    accepts: isAsked,
    maxMatches: MAX_MATCHES,
    timeoutMs: TIMEOUT_MS,
    ...(signal ? { signal } : {}),
  });
  const found: Mention[] = [];
  const read = rereader(parts);
  for (const { path, line } of matches) {
    const now = read(path);
    const text = now?.lines[line - 1];
    if (now === undefined || text === undefined) continue;
    const strength = Math.max(0, ...tests.map(({ test, strength: s }) => (test.test(text) ? s : 0)));
    if (strength === 0 || (target.kind === 'ticket' && !target.ticket.names(text))) continue;
    if (target.kind === 'commit' && !namesCommit(text, target.item.id)) continue;
    found.push({ path, line, text, hash: now.hash, strength: strength as Mention['strength'] });
  }
  return found;
}

function rereader(parts: RelatedParts) {
  const kept = new Map<FilePath, ReturnType<RelatedParts['index']['read']>>();
  return (path: FilePath) => {
    if (!kept.has(path)) kept.set(path, parts.index.read(path));
    return kept.get(path);
  };
}

function patternsOf(target: Target): NamePattern[] {
  if (target.kind === 'ticket')
    return target.ticket.texts.map((text) => ({ pattern: literal(text), strength: 1 }));
  if (target.kind === 'commit')
    return [{ pattern: `\\b${target.item.id.slice(0, SHORTEST_HASH)}[0-9a-f]*\\b`, strength: 1 }];
  const patterns = pathPatterns(target.path);
  if (target.kind === 'file' || target.kind === 'deleted_file') return patterns;
  // A definition is meant by its name; its file's path is about more.
  return target.names.flatMap((name) => namePatterns(name));
}

function pathPatterns(path: FilePath): NamePattern[] {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const stem = base.replace(/\.[^.]+$/, '');
  const isCommon = COMMON_STEMS.test(stem);
  const patterns: NamePattern[] = [
    { pattern: `(?:^|[^\\w/.-])(?:\\./)?${literal(path)}(?:$|[^\\w-])`, strength: 3 },
  ];
  if (!isCommon && base !== path)
    patterns.push({ pattern: `(?:^|[^\\w-])${literal(base)}(?:$|[^\\w-])`, strength: 2 });
  const dotted = path
    .replace(/\.[^./]+$/, '')
    .replace(/^(?:src|lib)\//, '')
    .replaceAll('/', '.');
  if (/\.pyi?$/.test(path) && dotted.includes('.'))
    patterns.push({ pattern: `(?:^|[^\\w.])${literal(dotted)}(?:$|\\W)`, strength: 2 });
  return patterns;
}

function namePatterns(name: string): NamePattern[] {
  const whole = `(?:^|[^\\w])${literal(name)}(?:$|[^\\w])`;
  if (/[.:#]/.test(name)) return [{ pattern: whole, strength: 3 }];
  if (name.length < 3) return [];
  // A word of prose names a definition only where it is written as code.
  if (looksLikeCode(name)) return [{ pattern: whole, strength: 2 }];
  return [{ pattern: `\`[^\`]{0,80}\\b${literal(name)}\\b|\\b${literal(name)}\\(`, strength: 2 }];
}

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
