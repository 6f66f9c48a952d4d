/** What belongs to a place in the code: target -> sections, each entry with its proof. Knows no budget; the caller fits them. */
import { cancelledBy } from '../model/errors.ts';
import type { FilePath } from '../model/file.ts';
import {
  RELATED_SECTIONS,
  type RelatedAnswer,
  type RelatedEntry,
  type RelatedRequest,
  type RelatedSection,
  type RelatedTarget,
} from '../model/related.ts';
import { callersSection, coChangedSection, testsSection } from './code-sections.ts';
import { commitsSection, findItems, ticketsSection } from './commit-sections.ts';
import { decisionsSection, docsSection } from './document-sections.ts';
import { findTarget } from './find-target.ts';
import { findMentions } from './mentions.ts';
import { isCode, type Question, type RelatedParts, type SectionMakers, type Target } from './parts.ts';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 200;
const WAITED_MS = 100;

const MAKERS: SectionMakers = {
  commits: commitsSection,
  tickets: ticketsSection,
  decisions: decisionsSection,
  docs: docsSection,
  tests: testsSection,
  callers: callersSection,
  co_changed: coChangedSection,
};

export type RelatedResult = Omit<RelatedAnswer, 'freshness' | 'ms'> & { readonly stale: readonly string[] };

/** @throws ConexusError as `findTarget`; cancelled */
export async function runRelated(
  parts: RelatedParts,
  request: RelatedRequest,
  signal?: AbortSignal,
): Promise<RelatedResult> {
  const target = await findTarget(parts, request.target, signal);
  const question = openQuestion(parts, target, request, signal);
  const names = RELATED_SECTIONS.filter((name) => request.include?.includes(name) ?? true);
  const offset = Math.max(0, Math.trunc(request.offset ?? 0));
  const limit = Math.min(MAX_LIMIT, Math.max(1, Math.trunc(request.limit ?? DEFAULT_LIMIT)));
  const sections = await Promise.all(
    names.map(async (name): Promise<RelatedSection> => {
      const { entries, notes } = await MAKERS[name](question);
      return { name, entries: entries.slice(offset, offset + limit), total: entries.length, notes };
    }),
  );
  if (signal?.aborted) throw cancelledBy(signal);
  const { proven, stale } = prove(parts, sections);
  return { target: shown(target), sections: proven, notes: [], stale: [...staleOf(parts, target), ...stale] };
}

function openQuestion(
  parts: RelatedParts,
  target: Target,
  { since, include }: RelatedRequest,
  signal: AbortSignal | undefined,
): Question {
  const needsGraph = include === undefined || include.some((name) => name === 'callers' || name === 'tests');
  const question: Question = {
    parts,
    target,
    since,
    signal,
    graph: once(() => parts.graph(signal)),
    origins: once(async () => {
      const bytes = isCode(target) ? parts.source.read(target.path)?.bytes : undefined;
      if (!isCode(target) || !bytes) return undefined;
      const ask = () => parts.lines.origins({ path: target.path, bytes, spans: [target.span], signal });
      const first = await ask();
      const isCut = first?.unknown.some(({ reason }) => reason === 'limit') === true;
      return isCut && needsGraph && (await hasWaited(question.graph)) ? await ask() : first;
    }),
    items: once(() => findItems(question)),
    mentions: once(() => findMentions(parts, target, signal)),
  };
  return question;
}

/** While the graph was being made, history had little of the processor: what it then could not find in time it may find now. */
async function hasWaited(graph: Question['graph']): Promise<boolean> {
  const started = performance.now();
  await graph();
  return performance.now() - started > WAITED_MS;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}

function shown(target: Target): RelatedTarget {
  if (!isCode(target)) return { kind: target.kind, name: target.name };
  const { kind, name, path, hash, span } = target;
  return { kind, name, place: { path, ...span, hash } };
}

/** A target whose bytes the index does not have yet: its definitions may lie elsewhere by now. */
function staleOf(parts: RelatedParts, target: Target): readonly string[] {
  if (!isCode(target)) return [];
  return parts.index.view.file(target.path)?.hash === target.hash ? [] : [target.path];
}

/**
 * Reads every cited file again: an entry whose lines are not there with the bytes it names is left out, and said to be. `stale`:
 * files that have changed since they were looked at; the question is then asked anew.
 */
function prove(parts: RelatedParts, sections: readonly RelatedSection[]) {
  const hashes = new Map<FilePath, { readonly hash: string; readonly count: number } | undefined>();
  const now = (path: FilePath) => {
    if (!hashes.has(path)) {
      const read = parts.index.read(path);
      hashes.set(path, read && { hash: read.hash, count: read.lines.length });
    }
    return hashes.get(path);
  };
  const holds = ({ place }: RelatedEntry) => {
    const file = place && now(place.path);
    return place === undefined || (file?.hash === place.hash && (place.end ?? 0) <= Math.max(1, file.count));
  };
  const stale = new Set<FilePath>();
  const proven = sections.map((section): RelatedSection => {
    const kept = section.entries.filter(holds);
    const lost = section.entries.length - kept.length;
    for (const { place } of section.entries)
      if (place && now(place.path)?.hash !== place.hash) stale.add(place.path);
    if (lost === 0) return section;
    const note = `${lost} left out: their files changed while this was looked up. Ask again.`;
    return { ...section, entries: kept, total: section.total - lost, notes: [...section.notes, note] };
  });
  return { proven, stale: [...stale] };
}
