/** What belongs to a place in the code: target -> sections, each entry with its proof. Knows no budget; the caller fits them. */
import { ConexusError } from '../model/errors.ts';
import {
  RELATED_SECTIONS,
  type RelatedAnswer,
  type RelatedRequest,
  type RelatedSection,
  type RelatedTarget,
} from '../model/related.ts';
import { callersSection, coChangedSection, testsSection } from './code-sections.ts';
import { commitsSection, findItems, ticketsSection } from './commit-sections.ts';
import { decisionsSection, docsSection } from './document-sections.ts';
import { findTarget } from './find-target.ts';
import { findMentions } from './mentions.ts';
import type { Question, RelatedParts, SectionMakers, Target } from './parts.ts';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 200;

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
  if (signal?.aborted) throw cancelled();
  return { target: shown(target), sections, notes: [], stale: staleOf(parts, target) };
}

function openQuestion(
  parts: RelatedParts,
  target: Target,
  { since }: RelatedRequest,
  signal: AbortSignal | undefined,
): Question {
  const isCode = target.kind !== 'ticket' && target.kind !== 'deleted_file';
  const question: Question = {
    parts,
    target,
    since,
    signal,
    graph: once(() => parts.graph(signal)),
    origins: once(async () => {
      const bytes = isCode ? parts.source.read(target.path)?.bytes : undefined;
      return isCode && bytes
        ? parts.lines.origins({ path: target.path, bytes, spans: [target.span], signal })
        : undefined;
    }),
    items: once(() => findItems(question)),
    mentions: once(() => findMentions(parts, target, signal)),
  };
  return question;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}

function shown(target: Target): RelatedTarget {
  if (target.kind === 'ticket' || target.kind === 'deleted_file')
    return { kind: target.kind, name: target.name };
  const { kind, name, path, hash, span } = target;
  return { kind, name, place: { path, ...span, hash } };
}

/** A target whose bytes the index does not have yet: its definitions may lie elsewhere by now. */
function staleOf(parts: RelatedParts, target: Target): readonly string[] {
  if (target.kind === 'ticket' || target.kind === 'deleted_file') return [];
  return parts.index.view.file(target.path)?.hash === target.hash ? [] : [target.path];
}

const cancelled = () => new ConexusError('cancelled', 'The request was cancelled.', 'Send it again.');
