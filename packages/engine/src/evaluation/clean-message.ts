/**
 * A commit message as the task that somebody might have given: the words about the change, without what people and tools append.
 * Knows text only.
 */

/** Longer messages are lists of many changes; the first part says what matters. */
const MAX_CHARS = 2_000;
const MIN_WORDS = 3;

/** `fix(parser)!: `, `[parser] `: what comes before the words of the subject. */
const PREFIX = /^(?:\[[^\]]*\]\s*)?(?:[a-z]+\s*(?:\([^)]*\))?!?:\s*)?/i;
/** Kinds of change by which a subject says itself that it is about no behaviour. */
const NOISE_KIND = /^(?:chore|build|ci|docs?|style|tests?|release|deps)\s*(?:\([^)]*\))?!?:/i;
/** Subjects that say nothing about where to look, or that undo or repeat another commit. */
const NOISE = new RegExp(
  `^(?:${[
    'bump|revert|reapply|re-?land|roll ?back|merge (?:branch|pull|tag|remote|commit|from|changes|pr|\\S+ into)',
    'releas(?:e|ing) (?:of |version |candidate |v)?[\\d.]+|version (?:bump|[\\d.]+)|v?\\d+(?:\\.\\d+)+',
    'prepare (?:for )?(?:the )?(?:next )?(?:release|development)|start \\S+ (?:development|cycle)',
    '(?:initial|first) commit|wip|work in progress|(?:fixup|squash|amend)(?=!)',
    'update (?:the )?(?:changelog|changes|release notes|dependenc\\w*|deps|lock ?file|copyright|version|authors|readme)',
    '(?:auto-?)?format|reformat|lint|fix (?:the )?(?:lint|format)(?:ting)?|clippy|rubocop|prettier|whitespace',
  ].join('|')})(?![a-z])|\\btypos?\\b`,
  'i',
);

/** Lines that people and tools add for the record. */
const RECORD =
  /^\s*(?:[\w-]+-by|cc|change-id|bug|issue|tickets?|jira|refs?|references|see(?: also)?|link|url|closes?d?|fix(?:e[sd])?|resolves?d?|related(?: to)?|addresses|part of|piperorigin-revid|git-svn-id|gitorigin-revid|copybara\S*|differential revision|reviewers|test plan|summary|changelog\S*|release[- ]notes?)\s*(?::\s*\S.*|(?:#|gh-|[A-Z][A-Z0-9]+-)\d+[.,;]?.*)$/i;
const CHERRY_PICK = /^\s*\(?cherry[- ]picked from/i;
const ONLY_LINK = /^\s*[<([]?https?:\/\/\S+[>)\]]?\s*$/;
const ONLY_TICKET = /^\s*[([]?(?:(?:#|gh-)\d+|[A-Z][A-Z0-9]{1,9}-\d+)[)\]]?[.,:]?\s*$/i;
const TRAILER = /^[A-Z]\w*(?:-\w+)+:\s/;
const RULE = /^\s*(?:-{3,}|={3,}|\*{3,})\s*$/;
const DROPPED = [RECORD, CHERRY_PICK, ONLY_LINK, ONLY_TICKET, TRAILER, RULE];
/** `(#123)`, `[#123]`, `(GH-12)`, `[PROJ-12]`, anywhere. */
const REFERENCE = /\s*[([](?:(?:#|gh-|!)\d+|[A-Z][A-Z0-9]{1,9}-\d+)[)\]]/gi;
const LEADING_TICKET = /^(?:(?:#|gh-)\d+|[A-Z][A-Z0-9]{1,9}-\d+)\s*[:-]?\s+/;

/** What the message asks for; undefined when it asks for nothing that could be looked up. */
export function taskOf(subject: string, body: string): string | undefined {
  const title = cleanSubject(subject);
  if (NOISE_KIND.test(title) || NOISE.test(title) || NOISE.test(title.replace(PREFIX, ''))) return undefined;
  if (wordCount(title) < MIN_WORDS) return undefined;
  const rest = cleanBody(body, title);
  return (rest === '' ? title : `${title}\n\n${rest}`).slice(0, MAX_CHARS).trimEnd();
}

export function cleanSubject(subject: string): string {
  return subject.replace(REFERENCE, '').replace(LEADING_TICKET, '').replace(/\s+/g, ' ').trim();
}

function cleanBody(body: string, title: string): string {
  const kept = body
    .split('\n')
    .filter((line) => !DROPPED.some((rule) => rule.test(line)))
    .map((line) => line.replace(REFERENCE, '').trimEnd())
    .filter((line) => !isSquashNoise(line, title));
  return kept
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Merging by squash lists the subjects of the branch, the first mostly that of the commit itself. */
function isSquashNoise(line: string, title: string): boolean {
  const item = /^\s*[*-]\s+(.*)$/.exec(line)?.[1];
  return item !== undefined && (item === title || wordCount(item) < MIN_WORDS || NOISE.test(item));
}

const wordCount = (text: string) => text.match(/[\p{L}\p{N}_]{2,}/gu)?.length ?? 0;

/** Whether the text says the name of one of these files: such a task is easy for anything that reads paths. */
export function namesAFile(task: string, paths: readonly string[]): boolean {
  const words = new Set(task.toLowerCase().match(/[\p{L}\p{N}_]+/gu));
  return paths.some((path) => {
    const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
    const stem = name.replace(/\.[^.]*$/, '');
    return stem.length >= 3 && (words.has(stem) || task.toLowerCase().includes(name));
  });
}
