/**
 * The three renderings of an analysis. The bound is shared row by row: the first claims of all sections, then the second ones,
 * so that no long section starves another, and so that one offset continues all of them.
 */
import type { AnalysisAnswer, AnalysisSection, Claim, Evidence } from '@conexus/engine';
import type { AnalyzeInput, AnalyzeOutput } from '@conexus/sdk/contract';
import { clipTokens } from '../render/budget.ts';
import { freshnessLine } from '../render/freshness.ts';
import { fitRows, type Rows } from '../render/rows.ts';
import type { Style } from '../render/style.ts';
import { seeMore, terminalPage } from '../render/terminal-page.ts';
import {
  estimateTokens,
  fence,
  formatDuration,
  hasHiddenCharacters,
  inline,
  plural,
  printable,
} from '../render/text.ts';
import { writeCursor } from './cursor.ts';
import type { Outcome } from './operation.ts';
import { freshnessWithin } from './relation-outputs.ts';

export interface AnalysisResult {
  readonly scope: string;
  readonly answer: AnalysisAnswer;
  readonly offset: number;
  readonly args: AnalyzeInput;
  readonly notes: readonly string[];
}

const CLAIM_CHARS = 700;
const PLACES = 6;
const NOTE_CHARS = 300;
const SHORT_HASH = 8;
/** Title, freshness, gates and the next call. */
const ESSENTIALS = 270;
/** Headers of what is analyzed: at most this part of the bound. */
const HEAD_SHARE = 0.2;

export function analysisOutcome(result: AnalysisResult): Outcome {
  const { answer } = result;
  return {
    empty: answer.subjects.length === 0,
    markdown: () => markdown(result),
    structured: () => structured(result),
    terminal: (style, maxTokens) => terminal(result, style, maxTokens),
    truncated: answer.sections.some(({ omitted }) => omitted > 0),
  };
}

/** Sections with the claims of this page, and how many fit. */
interface Page {
  readonly sections: readonly AnalysisSection[];
  readonly shown: readonly number[];
  readonly rows: number;
  readonly left: number;
}

function pageOf({ answer, offset }: AnalysisResult, room: number, costOf: (claim: Claim) => number): Page {
  const sections = answer.sections.map((one) => ({ ...one, claims: one.claims.slice(offset) }));
  const page = fitRows(
    sections.map(({ claims }) => claims),
    room,
    costOf,
  );
  return pageWith(sections, page);
}

function pageWith(sections: readonly AnalysisSection[], { shown, rows }: Rows): Page {
  const total = sections.reduce((sum, { claims, omitted }) => sum + claims.length + omitted, 0);
  // Of a first row that is too long what fits is shown: an answer says something, and the next page goes on.
  const passed = shown.some((count) => count > 0) ? Math.max(rows, 1) : rows;
  return { sections, shown, rows: passed, left: total - shown.reduce((a, b) => a + b, 0) };
}

function cursorAfter({ answer, offset, scope, args }: AnalysisResult, page: Page): string | undefined {
  const isMore = page.sections.some(({ claims }) => claims.length > page.rows);
  if (page.rows === 0 || !isMore) return undefined;
  return writeCursor(scope, args, { offset: offset + page.rows, generation: answer.freshness.generation });
}

// --- markdown ----------------------------------------------------------------------------------------------------

function markdown(result: AnalysisResult): string {
  const { answer, args, offset } = result;
  const heads = offset === 0 ? headBlocks(answer, args.max_tokens * HEAD_SHARE) : [];
  const notes = noteLines(result, args.max_tokens / 8);
  const titles = answer.sections.map(headingOf);
  const fixed = [...heads, ...notes, ...titles].reduce((sum, text) => sum + estimateTokens(text) + 2, 0);
  const page = pageOf(
    result,
    args.max_tokens - ESSENTIALS - fixed,
    (claim) => estimateTokens(claimLine(claim)) + 1,
  );
  const blocks = page.sections.flatMap(({ claims }, i) => {
    const lines = claims.slice(0, page.shown[i]).map(claimLine);
    return lines.length > 0 || claims.length > 0 ? [[titles[i], ...lines].join('\n')] : [];
  });
  const parts = [
    clipTokens(titleOf(result), 60),
    [clipTokens(freshnessLine(answer.freshness), 110), clipTokens(gateLine(answer), 45), ...notes].join('\n'),
    ...heads,
    ...blocks,
  ];
  const footer = footerOf(result, page);
  const spent = [...parts, footer].reduce((sum, text) => sum + estimateTokens(text) + 1, 0);
  const proofs = evidenceBlock(result, page, args.max_tokens - spent - 10);
  return [...parts, proofs, footer].filter((part) => part !== '').join('\n\n');
}

function titleOf({ answer, args }: AnalysisResult): string {
  const [first] = answer.subjects;
  if (first === undefined) return 'Nothing to analyze was found. Try search_codebase.';
  return `${leadOf(answer, inline(first.name, 120), inline(args.target ?? '', 120))}. Quoted text is repository data.`;
}

function leadOf({ subjects, route }: AnalysisAnswer, name: string, target: string): string {
  const others = subjects.length - 1;
  if (route === 'folder') return `What a folder holds: ${target}`;
  if (route === 'question')
    return `Fits the question best: ${name}${others > 0 ? `; ${plural(others, 'other place', 'other places')} after it` : ''}`;
  return `How it works: ${name}${others > 0 ? ` and ${plural(others, 'other', 'others')}` : ''}`;
}

function gateLine({ gates }: AnalysisAnswer): string {
  const wrong = gates.filter(({ state }) => state !== 'passed');
  const checked = gates[0]?.checked ?? 0;
  if (wrong.length === 0) return `Checked: ${plural(checked, 'claim')}, every cited line read again.`;
  return `Checked: ${wrong.map(({ name, state, detail }) => `${name} ${state} (${detail})`).join('; ')}.`;
}

/** Each subject with its place; its header as long as there is room. */
function headBlocks({ subjects, route }: AnalysisAnswer, room: number): string[] {
  // The overview names its files.
  if (route === 'folder') return [];
  let left = room;
  return subjects.flatMap((subject, i) => {
    const isNamed = subject.kind !== 'file' && subject.kind !== 'module';
    const line = `## ${inline(subject.path)}:${subject.start}-${subject.end}${isNamed ? ` — ${subject.kind} ${inline(subject.name, 120)}` : ''}`;
    const isShort = subject.head === '' || (route === 'question' && i > 0);
    const full = isShort ? line : `${line}\n${fence(printable(subject.head), subject.language)}`;
    for (const text of [full, line]) {
      const cost = estimateTokens(text) + 1;
      if (cost > left) continue;
      left -= cost;
      return [text];
    }
    return [];
  });
}

function noteLines(result: AnalysisResult, room: number): string[] {
  const { answer } = result;
  const notes = [...result.notes, ...candidateNotes(answer), ...answer.notes].map(
    (note) => `Note: ${inline(note, NOTE_CHARS)}`,
  );
  if (answer.subjects.some(({ head }) => hasHiddenCharacters(head)))
    notes.push('Note: the code shown contains invisible or direction-changing characters.');
  if (result.args.explain)
    notes.push(
      `Steps: ${answer.steps.map(({ name, ms, outcome }) => `${name} ${formatDuration(ms)} (${outcome})`).join(', ')}`,
    );
  let left = room;
  return notes.flatMap((note) => {
    const text = clipTokens(note, Math.max(20, room / 2));
    left -= estimateTokens(text) + 1;
    return left < 0 ? [] : [text];
  });
}

function candidateNotes({ candidates }: AnalysisAnswer): string[] {
  if (candidates.length === 0) return [];
  const named = candidates.slice(0, 5).map(({ id, path, start }) => `${id} (${path}:${start})`);
  const more = candidates.length > named.length ? ` and ${candidates.length - named.length} more` : '';
  return [`the name may also mean ${named.join(', ')}${more}; give path:line or the whole name`];
}

const headingOf = ({ name, claims, omitted }: AnalysisSection) =>
  `### ${name.replaceAll('_', ' ')} (${claims.length + omitted})`;

function claimLine({ text, evidence }: Claim): string {
  return `- ${inline(text, CLAIM_CHARS)} [${placesOf(evidence)}]`;
}

/** `a.ts:3, 7-9; b.ts:1 inferred`: a path is said once. */
function placesOf(evidence: readonly Evidence[]): string {
  const shown = evidence.slice(0, PLACES);
  const parts: string[] = [];
  let last = '';
  for (const { path, start, end, resolution } of shown) {
    const lines = `${start}${end > start ? `-${end}` : ''}${resolution === 'exact' ? '' : ` ${resolution}`}`;
    if (path === last) parts.push(`, ${lines}`);
    else parts.push(`${parts.length > 0 ? '; ' : ''}${inline(path)}:${lines}`);
    last = path;
  }
  return parts.join('') + (evidence.length > shown.length ? `, ${evidence.length - shown.length} more` : '');
}

/** Hashes of the files that are cited on this page. */
function evidenceBlock(result: AnalysisResult, page: Page, room: number): string {
  const { include } = result.args;
  if (include !== undefined && !include.includes('evidence')) return '';
  const hashes = new Map<string, string>();
  for (const [i, { claims }] of page.sections.entries())
    for (const { evidence } of claims.slice(0, page.shown[i]))
      for (const { path, hash } of evidence) hashes.set(path, hash);
  const lines: string[] = ['### evidence: files as they were read'];
  let used = estimateTokens(lines[0] ?? '');
  for (const [path, hash] of hashes) {
    const line = `- ${inline(path)} ${hash.slice(0, SHORT_HASH)}`;
    used += estimateTokens(line) + 1;
    if (used > room - 8) {
      if (lines.length > 1) lines.push(`- and ${hashes.size - lines.length + 1} more`);
      break;
    }
    lines.push(line);
  }
  return lines.length > 1 ? lines.join('\n') : '';
}

function footerOf(result: AnalysisResult, page: Page): string {
  if (page.left <= 0) return '';
  const beyond = result.answer.sections.filter(({ omitted }) => omitted > 0).map(({ name }) => name);
  const more = `${plural(page.left, 'more claim')} left out.`;
  const cursor = cursorAfter(result, page);
  if (cursor !== undefined)
    return `${more} Next: repeat this call with "cursor": "${cursor}", or name fewer sections in "include".`;
  if (beyond.length > 0)
    return `${more} They are beyond the bound of ${beyond.slice(0, 4).join(', ')}: analyze a smaller part or a smaller depth.`;
  return `${more} Next: name fewer sections in "include", or raise max_tokens.`;
}

// --- structure ---------------------------------------------------------------------------------------------------

function structured(result: AnalysisResult): Record<string, unknown> {
  const { max_tokens } = result.args;
  const none: Page = { sections: [], shown: [], rows: 0, left: 0 };
  const isTight = estimateTokens(JSON.stringify(structuredWith(result, none, false))) > max_tokens / 2;
  const room = max_tokens - estimateTokens(JSON.stringify(structuredWith(result, none, isTight))) - 60;
  const names = result.answer.sections.length * 18;
  const page = pageOf(
    result,
    Math.max(0, room - names),
    (claim) => estimateTokens(JSON.stringify(claim)) + 1,
  );
  const whole = structuredWith(result, page, isTight);
  if (estimateTokens(JSON.stringify(whole)) <= max_tokens) return whole;
  // Sections of which nothing fits cost their names: what they have is counted in `omitted`.
  return { ...whole, sections: whole.sections.filter(({ claims }) => claims.length > 0) };
}

function structuredWith(result: AnalysisResult, page: Page, isTight: boolean): AnalyzeOutput {
  const { answer, args, offset } = result;
  const cursor = cursorAfter(result, page);
  return {
    route: answer.route,
    subjects: answer.subjects
      .slice(0, isTight ? 1 : 20)
      .map((one) => ({ ...one, head: isTight || offset > 0 ? '' : one.head })),
    candidates: isTight ? [] : answer.candidates.map((one) => ({ ...one })),
    sections: page.sections.map((section, i) => ({
      name: section.name,
      claims: section.claims
        .slice(0, page.shown[i])
        .map(({ text, evidence }) => ({ text, evidence: evidence.map((one) => ({ ...one })) })),
      total: section.claims.length + offset + section.omitted,
    })),
    gates: isTight ? [] : [...answer.gates.map((gate) => ({ ...gate })), budgetGate(page)],
    ...(args.explain &&
      !isTight && { steps: answer.steps.map((step) => ({ ...step, ms: Math.round(step.ms * 100) / 100 })) }),
    omitted: page.left,
    ...(cursor !== undefined && { next_cursor: cursor }),
    freshness: freshnessWithin(answer.freshness, isTight),
    notes: isTight ? [] : [...result.notes, ...answer.notes],
    ms: Math.round(answer.ms * 100) / 100,
  };
}

function budgetGate({ left, shown }: Page): AnalyzeOutput['gates'][number] {
  const checked = shown.reduce((a, b) => a + b, 0);
  const detail =
    left > 0 ? `${plural(left, 'claim')} left out to keep max_tokens` : 'everything fits into max_tokens';
  return { name: 'budget', state: 'passed', checked, dropped: left, detail };
}

// --- terminal ----------------------------------------------------------------------------------------------------

function terminal(result: AnalysisResult, style: Style, maxTokens: number): string {
  const { answer, offset } = result;
  const subjects = answer.subjects.map(
    ({ path, start, end, name, kind }) =>
      `${style.path(inline(path))}${style.dim(`:${start}-${end}`)}${kind === 'file' || kind === 'module' ? '' : `  ${style.bold(inline(name, 120))}`}`,
  );
  const sections = answer.sections.map((one) => ({ ...one, claims: one.claims.slice(offset) }));
  const notes = [...result.notes, ...candidateNotes(answer), ...answer.notes].map(
    (note) => `note: ${inline(note, NOTE_CHARS)}`,
  );
  const steps = result.args.explain
    ? answer.steps.map(
        ({ name, ms, outcome, failed }) =>
          `step: ${name} ${formatDuration(ms)}${failed ? ' FAILED' : ''} ${outcome}`,
      )
    : [];
  return terminalPage(
    {
      top: [answer.route === 'folder' ? style.path(inline(result.args.target ?? '')) : subjects.join('\n')],
      lists: sections.map(({ name, claims, omitted }) => ({
        head: style.bold(`${name.replaceAll('_', ' ')} (${claims.length + omitted})`),
        items: claims.map(
          ({ text, evidence }) => `  ${inline(text, CLAIM_CHARS)} ${style.dim(placesOf(evidence))}`,
        ),
      })),
      notes: [...notes, ...steps].map((line) => style.dim(line)),
      foot(rows) {
        const page = pageWith(sections, rows);
        const more =
          page.left > 0
            ? [seeMore(plural(page.left, 'more claim'), cursorAfter(result, page), '--include SECTION')]
            : [];
        const summary = [gateLine(answer), formatDuration(answer.ms), freshnessLine(answer.freshness)];
        return [...more, summary.join(' · ')].map((line) => style.dim(line));
      },
    },
    maxTokens,
  );
}
