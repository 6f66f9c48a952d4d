/** Golden queries and ranks as text: reading, rendering, comparing. Knows neither engine nor file system. */

export interface GoldenQuery {
  readonly corpus: string;
  readonly kind: string;
  readonly text: string;
  readonly path: string;
  /** Qualified name of the definition that was meant; absent where the whole file is. */
  readonly symbol?: string;
}

export interface GoldenRank {
  readonly query: GoldenQuery;
  readonly rank: number | undefined;
  /** First hit, `path#symbol`. */
  readonly top: string;
}

/** Tab-separated lines under a header; `\n` and `\t` in a query stand for themselves. */
export function parseQueries(text: string): readonly GoldenQuery[] {
  const lines = text.trimEnd().split('\n').slice(1);
  return lines.map((line, index) => {
    const [corpus = '', kind = '', query = '', expected = '', ...rest] = line.split('\t');
    const [path = '', symbol] = expected.split('#');
    if (path === '' || query === '' || rest.length > 0)
      throw new Error(`queries.tsv, line ${index + 2}: not four fields`);
    return {
      corpus,
      kind,
      text: query.replace(/\\n/g, '\n').replace(/\\t/g, '\t'),
      path,
      ...(symbol === undefined ? {} : { symbol }),
    };
  });
}

/**
 * Whether a hit named `found` shows the definition `expected`: it is that definition, lies inside it, or holds it.
 * Either may carry more scopes than the other (`Atrium.Booking.Stay` and `Stay`).
 */
export function matchesSymbol(expected: string | undefined, found: string | undefined): boolean {
  if (expected === undefined) return true;
  if (found === undefined) return false;
  const wanted = expected.split('.');
  const shown = found.split(/\.|::|#/);
  const endsWith = (list: readonly string[], end: readonly string[]): boolean =>
    end.length > 0 &&
    end.length <= list.length &&
    end.every((each, index) => each === list[list.length - end.length + index]);
  const holds = wanted.some((_, index) => endsWith(shown, wanted.slice(0, index + 1)));
  const inside = shown.some((_, index) => endsWith(shown.slice(0, index + 1), wanted));
  return holds || inside || endsWith(wanted, shown);
}

export interface Aggregate {
  readonly queries: number;
  readonly recallAt1: number;
  readonly recallAt5: number;
  /** Mean of 1/rank, 0 where not found. */
  readonly mrr: number;
}

export function aggregate(ranks: readonly GoldenRank[]): Aggregate {
  const share = (limit: number): number =>
    ranks.filter(({ rank }) => rank !== undefined && rank <= limit).length / ranks.length;
  const mrr = ranks.reduce((sum, { rank }) => sum + (rank === undefined ? 0 : 1 / rank), 0) / ranks.length;
  return { queries: ranks.length, recallAt1: share(1), recallAt5: share(5), mrr };
}

/** One line per query, then one per group; the top hit is shown where it is not the one that was meant. */
export function renderRanks(ranks: readonly GoldenRank[]): string {
  const lines = ranks.map(({ query, rank, top }) => {
    const expected = query.symbol === undefined ? query.path : `${query.path}#${query.symbol}`;
    const text = query.text.replace(/\s+/g, ' ').slice(0, 90);
    return [query.corpus, query.kind, rank ?? '-', text, expected, rank === 1 ? '' : top]
      .join('\t')
      .trimEnd();
  });
  const groups = new Map<string, GoldenRank[]>();
  for (const rank of ranks) {
    for (const name of [
      `${rank.query.corpus}\t${rank.query.kind}`,
      `${rank.query.corpus}\tall`,
      'all\tall',
    ]) {
      groups.set(name, [...(groups.get(name) ?? []), rank]);
    }
  }
  const summary = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, group]) => {
      const { queries, recallAt1, recallAt5, mrr } = aggregate(group);
      return [name, queries, recallAt1.toFixed(3), recallAt5.toFixed(3), mrr.toFixed(3)].join('\t');
    });
  return [
    'corpus\tkind\trank\tquery\texpected\ttop hit where another',
    ...lines,
    '',
    'corpus\tkind\tqueries\trecall@1\trecall@5\tMRR',
    ...summary,
    '',
  ].join('\n');
}

/** Lines that went (`-`) and came (`+`), each pair together; equal texts give none. */
export function compareLines(before: string, after: string): readonly string[] {
  const old = before.split('\n').filter((line) => line !== '');
  const now = after.split('\n').filter((line) => line !== '');
  const gone = new Set(old.filter((line) => !now.includes(line)));
  const came = now.filter((line) => !old.includes(line));
  const changes = came.flatMap((line) => {
    const twin = [...gone].find((other) => sameSubject(other, line));
    if (twin === undefined) return [`+ ${line}`];
    gone.delete(twin);
    return [`- ${twin}`, `+ ${line}`];
  });
  return [...changes, ...[...gone].map((line) => `- ${line}`)];
}

/** Lines about the same query, or about the same group of queries. */
function sameSubject(a: string, b: string): boolean {
  const [aCorpus, aKind, , aText, aLast] = a.split('\t');
  const [bCorpus, bKind, , bText, bLast] = b.split('\t');
  const aggregates = [aText, bText].every((text) => /^[\d.]+$/.test(text ?? ''));
  return aCorpus === bCorpus && aKind === bKind && (aggregates || (aText === bText && aLast === bLast));
}
