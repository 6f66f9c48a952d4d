/** The commits that made the lines, and the tickets that these and the lines themselves name. */
import { counted } from '../model/counted.ts';
import type { RelatedEntry } from '../model/related.ts';
import type { LineOrigins, LineSpan, UnknownOrigin } from '../ports/line-history.ts';
import type { SourceItem } from '../ports/related-source.ts';
import { type CommitTarget, type FoundItem, isCode, type Question, type SectionDraft } from './parts.ts';
import {
  findTickets,
  type IsTracker,
  namesCommit,
  SHORTEST_HASH,
  type TicketKind,
  type TicketReference,
  trackerKeys,
} from './ticket-references.ts';

/** Of a ticket or a file that is gone: commits that are looked at. */
const MAX_ITEMS = 500;
const MAX_NAMED_SPANS = 6;

/** Items about the target: those that made its lines, or name the ticket, or changed the file that is gone. */
export async function findItems(question: Question): Promise<readonly FoundItem[]> {
  const { parts, target, since, signal } = question;
  const query = { limit: MAX_ITEMS, since, signal };
  const bare = (items: readonly SourceItem[]) => items.map((item): FoundItem => ({ item, made: [] }));
  if (target.kind === 'ticket') {
    const items = await parts.items.naming(target.ticket.texts, query);
    return bare(items.filter(({ title, body }) => target.ticket.names(`${title}\n${body}`)));
  }
  if (target.kind === 'deleted_file') return bare(await parts.items.touching(target.path, query));
  if (target.kind === 'commit') return bare([target.item, ...(await namingCommit(question, target))]);
  const origins = await question.origins();
  const made = Map.groupBy(origins?.origins ?? [], ({ commit }) => commit);
  const items = await parts.items.items([...made.keys()], signal);
  return [...items.values()]
    .filter(({ time }) => since === undefined || time >= since)
    .map((item) => ({ item, made: made.get(item.id) ?? [] }))
    .sort((a, b) => linesIn(b.made) - linesIn(a.made) || b.item.time - a.item.time);
}

/** Reverts, repairs and the like. */
async function namingCommit({ parts, since, signal }: Question, { item }: CommitTarget) {
  const items = await parts.items.naming([item.id.slice(0, SHORTEST_HASH)], {
    limit: MAX_ITEMS,
    since,
    signal,
  });
  return items.filter(({ id, title, body }) => id !== item.id && namesCommit(`${title}\n${body}`, item.id));
}

const linesIn = (spans: readonly LineSpan[]) =>
  spans.reduce((sum, { start, end }) => sum + end - start + 1, 0);

export async function commitsSection(question: Question): Promise<SectionDraft> {
  const { target } = question;
  const [origins, items] = await Promise.all([question.origins(), question.items()]);
  const code = isCode(target) ? target : undefined;
  const all = code ? code.span.end - code.span.start + 1 : 0;
  const entries = items.map(({ item, made }): RelatedEntry => {
    const former = made.find(({ path }) => code && path !== code.path)?.path;
    const path = former ?? code?.path;
    return {
      id: item.id,
      title: item.title,
      reasons: code
        ? [...madeReason(made, all), ...(former === undefined ? [] : [`as ${former}`])]
        : [reasonOf(question, item)],
      commit: { hash: item.id, time: item.time, ...(path === undefined ? {} : { path }) },
    };
  });
  return { entries, notes: code ? originNotes(origins) : historyNotes(question, items.length) };
}

function madeReason(made: FoundItem['made'], all: number): string[] {
  const named = made
    .slice(0, MAX_NAMED_SPANS)
    .map(({ start, end }) => (start === end ? `${start}` : `${start}-${end}`));
  const more = made.length > named.length ? ` and ${counted(made.length - named.length, 'more place')}` : '';
  const older = made.some(({ isBoundary }) => isBoundary)
    ? ['they may be older: this clone is shallow and ends here']
    : [];
  return [`made ${linesIn(made)} of ${counted(all, 'line')}: ${named.join(', ')}${more}`, ...older];
}

function reasonOf({ target }: Question, { id, kind, paths }: SourceItem): string {
  const changed = `it changed ${counted(paths.length, 'file')}`;
  if (target.kind === 'commit' && target.item.id === id) return changed;
  if (target.kind === 'deleted_file') return `changed ${target.path}`;
  return `names ${target.name}; ${changed}${kind === 'merge' ? ', as a merge' : ''}`;
}

const WHY_UNKNOWN: Readonly<Record<UnknownOrigin, string>> = {
  limit: 'there was no time to follow them through the history; ask again, the machine may be less busy',
  too_large: 'a version of the file is too large to compare',
  unreadable: 'git could not read their history here',
  submodule: 'they are of a submodule, whose history is its own; ask with its folder as the root',
};

function originNotes(origins: LineOrigins | undefined): string[] {
  if (!origins) return ['No git history here: no repository, no commit yet, or git is not installed.'];
  const notes: string[] = [];
  const spans = (list: readonly LineSpan[]) =>
    list
      .slice(0, MAX_NAMED_SPANS)
      .map(({ start, end }) => `${start}-${end}`)
      .join(', ');
  if (origins.uncommitted.length > 0)
    notes.push(
      `Not committed yet: ${counted(linesIn(origins.uncommitted), 'line')} (${spans(origins.uncommitted)}).`,
    );
  for (const [reason, list] of Map.groupBy(origins.unknown, ({ reason: why }) => why))
    notes.push(
      `Origin not known of ${counted(linesIn(list), 'line')} (${spans(list)}): ${WHY_UNKNOWN[reason]}.`,
    );
  if (origins.origins.some(({ isBoundary }) => isBoundary))
    notes.push('This clone is shallow: older commits are not in it.');
  return notes;
}

function historyNotes({ target }: Question, found: number): string[] {
  if (target.kind === 'deleted_file') return [target.note];
  if (target.kind === 'commit')
    return target.item.paths.length > 0 ? [] : ['It changed no file under this root.'];
  return found > 0 ? [] : ['No commit that HEAD reaches names it, or there is no git history here.'];
}

// --- tickets ---------------------------------------------------------------------------------------------------------

const RANK: readonly TicketKind[] = ['pull_request', 'issue', 'ticket', 'review', 'advisory', 'commit'];
const KIND_NAMES: Readonly<Record<TicketKind, string>> = {
  pull_request: 'pull request',
  issue: 'issue',
  ticket: 'ticket',
  advisory: 'advisory',
  review: 'review',
  commit: 'commit that it repairs',
};

interface NamedTicket {
  reference: TicketReference;
  /** That name it themselves, or came with a merge that does. */
  readonly items: { readonly item: SourceItem; readonly by: SourceItem }[];
  readonly lines: { readonly line: number; readonly text: string }[];
}

export async function ticketsSection(question: Question): Promise<SectionDraft> {
  const { parts, target, signal } = question;
  const items = (await question.items()).map(({ item }) => item);
  const isTracker = trackerTest(question, items);
  const carriers = await parts.items.items(
    [...new Set(items.flatMap(({ links }) => links.map(({ id }) => id)))],
    signal,
  );
  const named = new Map<string, NamedTicket>();
  const add = (reference: TicketReference): NamedTicket => {
    const known = named.get(reference.id);
    const entry = known ?? { reference, items: [], lines: [] };
    if (RANK.indexOf(reference.kind) < RANK.indexOf(entry.reference.kind) && reference.kind !== 'ticket')
      entry.reference = { ...entry.reference, ...reference };
    named.set(reference.id, entry);
    return entry;
  };
  for (const item of items) {
    const carrier = item.links.map(({ id }) => carriers.get(id)).find((one) => one !== undefined);
    for (const by of carrier ? [item, carrier] : [item]) {
      for (const reference of ticketsOf(by, isTracker)) {
        const entry = add(reference);
        if (!entry.items.some((known) => known.item === item)) entry.items.push({ item, by });
      }
    }
  }
  if (isCode(target)) {
    const { lines, span } = target;
    lines.slice(span.start - 1, span.end).forEach((text, i) => {
      for (const reference of findTickets({ text, where: 'code' }, isTracker))
        add(reference).lines.push({ line: span.start + i, text });
    });
  }
  const entries = [...named.values()]
    .filter(({ reference }) => !isTarget(question, reference))
    .sort((a, b) => b.items.length + 2 * b.lines.length - a.items.length - 2 * a.lines.length)
    .map((entry) => ticketEntry(question, entry));
  return { entries, notes: [] };
}

function isTarget({ target }: Question, { id }: TicketReference): boolean {
  if (target.kind === 'commit') return target.item.id.startsWith(id);
  return target.kind === 'ticket' && target.ticket.names(id);
}

function ticketsOf({ title, body }: SourceItem, isTracker: IsTracker): readonly TicketReference[] {
  return [
    ...findTickets({ text: title, where: 'subject' }, isTracker),
    ...findTickets({ text: body, where: 'body' }, isTracker),
  ];
}

function trackerTest({ parts, target }: Question, items: readonly SourceItem[]): IsTracker {
  const subjects = parts.commits()?.commits.map(({ subject }) => subject) ?? [];
  const keys = trackerKeys([...subjects, ...items.map(({ title }) => title)]);
  const own = target.kind === 'ticket' ? /^[A-Z][A-Z0-9_]+(?=-)/.exec(target.name)?.[0] : undefined;
  return (key) => keys.has(key) || key === own;
}

function ticketEntry({ target }: Question, { reference, items, lines }: NamedTicket): RelatedEntry {
  const { id, kind, url } = reference;
  const [first] = items;
  const [line] = lines;
  const named = items
    .slice(0, 3)
    .map(({ item, by }) => `${shortHash(item)}${by === item ? '' : ` (by its merge ${shortHash(by)})`}`);
  const more = items.length > named.length ? ` and ${items.length - named.length} more` : '';
  return {
    id,
    title: first?.by.title ?? line?.text.trim() ?? '',
    reasons: [
      KIND_NAMES[kind],
      ...(first ? [`named by ${named.join(', ')}${more}`] : []),
      ...(line
        ? [
            `named in line ${lines
              .slice(0, 5)
              .map((one) => one.line)
              .join(', ')}`,
          ]
        : []),
      ...(url === undefined ? [] : [url]),
    ],
    ...(first ? { commit: { hash: first.by.id, time: first.by.time } } : {}),

    ...(line && isCode(target)
      ? { place: { path: target.path, start: line.line, end: line.line, hash: target.hash }, text: line.text }
      : {}),
  };
}

const shortHash = ({ id }: SourceItem) => id.slice(0, 10);
