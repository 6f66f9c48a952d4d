/**
 * The lexical index beside SQLite's FTS5: the same documents, cut into the same terms, changed in the same way. FTS5
 * computes counts, lengths and BM25 on its own, so an error in postings, frequencies, lengths, copies, deletions or
 * merges shows as a difference of scores. Two things are made equal first: FTS5 normalises by the length of a whole row,
 * as our file score does (and our chunk score with one field), and its idf may be negative, so that each term's weight is
 * multiplied by FTS5's idf over ours. Document frequencies are compared, too.
 */
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { type Bm25fParameters, idf } from './bm25f.ts';
import { FIELDS } from './fields.ts';
import { createIndexView, type IndexView } from './index-view.ts';
import { mergeSegments } from './merge-segments.ts';
import type { EncodedSegment } from './segment-format.ts';
import { differences, readable, scoreView } from './testing/score-view.ts';
import { addSegment, type Blob, type Doc, encodeBlobs, fileAt } from './testing/small-index.ts';
import { termsOf } from './tokenize.ts';

const K1 = 1.2;
const B = 0.75;
const WEIGHTS = { body: 1, signature: 2, doc: 1.5, scope: 0.5, name: 6 } as const;
const PARAMETERS: Bm25fParameters = {
  k1: K1,
  weights: WEIGHTS,
  b: { body: B, signature: B, doc: B, scope: B, name: B },
  fileK1: K1,
  fileB: B,
};

/** A generator of numbers below `n`, the same in every run. */
function seeded(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state ^ (state >>> 15), state | 1) + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x5bd1e995);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % n;
  };
}

/** Words that are one term each, so that FTS5 and the tokenizer see the same; the first come most often. */
const VOCABULARY = [
  ...[
    'return',
    'value',
    'index',
    'parse',
    'token',
    'größe',
    'файл',
    'données',
    'server',
    'cookies',
    '天',
    '地',
  ],
  ...Array.from(
    { length: 400 },
    (_, i) => `w${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + (i >> 4))}q`,
  ),
];

function textOf(random: (n: number) => number, longest: number): string {
  const length = random(longest + 1);
  const words = Array.from(
    { length },
    () => VOCABULARY[Math.min(random(VOCABULARY.length), random(VOCABULARY.length))],
  );
  return words.join(random(2) === 0 ? ' ' : '\n');
}

/** A stand-in for the store: segments with the number of each blob's file, or none when it was replaced. */
interface Index {
  readonly view: IndexView;
  readonly segments: Map<number, EncodedSegment>;
  readonly place: Map<string, { segment: number; ordinal: number }>;
  nextSegment: number;
}

function createIndex(): Index {
  return { view: createIndexView(), segments: new Map(), place: new Map(), nextSegment: 1 };
}

function setFile(index: Index, path: string, segment: number, ordinal: number): void {
  index.view.setFile(fileAt(path, segment, ordinal));
  index.place.set(path, { segment, ordinal });
}

function addFiles(index: Index, files: readonly (readonly [path: string, blob: Blob])[]): void {
  const id = index.nextSegment++;
  const segment = encodeBlobs(files.map(([, blob]) => blob));
  index.segments.set(id, segment);
  addSegment(index.view, id, segment);
  files.forEach(([path], ordinal) => {
    setFile(index, path, id, ordinal);
  });
}

/** Merges some segments into one; dead blobs are left out, or only every other one (another worktree wants the rest). */
function merge(index: Index, ids: readonly number[], keepsSomeDead: boolean): void {
  const inputs = ids.map((id) => {
    const live = new Set(
      [...index.place.values()].filter(({ segment }) => segment === id).map(({ ordinal }) => ordinal),
    );
    const { blobs } = mergeSegments([
      { segment: index.segments.get(id) as EncodedSegment, without: new Set() },
    ]);
    const dead = blobs.map(({ ordinal }) => ordinal).filter((ordinal) => !live.has(ordinal));
    const without = new Set(dead.filter((ordinal) => !keepsSomeDead || ordinal % 2 === 0));
    return { segment: index.segments.get(id) as EncodedSegment, without };
  });
  const { segment, blobs } = mergeSegments(inputs);
  const id = index.nextSegment++;
  index.segments.set(id, segment);
  addSegment(index.view, id, segment);
  const pathOf = new Map(
    [...index.place].map(([path, place]) => [`${place.segment}:${place.ordinal}`, path]),
  );
  blobs.forEach((from, ordinal) => {
    const path = pathOf.get(`${ids[from.input]}:${from.ordinal}`);
    if (path !== undefined) setFile(index, path, id, ordinal);
  });
  for (const old of ids) {
    index.view.dropSegment(old);
    index.segments.delete(old);
  }
}

function removeFile(index: Index, path: string): void {
  index.view.removeFile(path);
  index.place.delete(path);
}

const open: DatabaseSync[] = [];
afterEach(() => {
  for (const db of open.splice(0)) db.close();
});

function createOracle() {
  const db = new DatabaseSync(':memory:');
  open.push(db);
  db.exec(
    `CREATE VIRTUAL TABLE file USING fts5(path UNINDEXED, ${FIELDS.join(', ')}, tokenize = "unicode61 remove_diacritics 0")`,
  );
  db.exec(`CREATE VIRTUAL TABLE vocabulary USING fts5vocab(file, 'row')`);
  const insert = db.prepare(`INSERT INTO file (path, ${FIELDS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?)`);
  const remove = db.prepare('DELETE FROM file WHERE path = ?');
  const count = db.prepare('SELECT count(*) AS n FROM file');
  const frequency = db.prepare('SELECT doc FROM vocabulary WHERE term = ?');
  const query = db.prepare(
    `SELECT path, -bm25(file, 0, ${FIELDS.map((field) => WEIGHTS[field]).join(', ')}) AS score FROM file WHERE file MATCH ?`,
  );
  const terms = (blob: Blob, field: keyof Doc) =>
    blob.flatMap((doc) => termsOf((doc[field] as string) ?? '').words).join(' ');
  return {
    begin: () => db.exec('BEGIN'),
    commit: () => db.exec('COMMIT'),
    put(path: string, blob: Blob) {
      remove.run(path);
      insert.run(path, ...FIELDS.map((field) => terms(blob, field)));
    },
    remove: (path: string) => remove.run(path),
    optimize: () => db.exec(`INSERT INTO file(file) VALUES ('optimize')`),
    rows: () => (count.get() as { n: number }).n,
    frequency: (term: string) => (frequency.get(term) as { doc: number } | undefined)?.doc ?? 0,
    scores(list: readonly string[]): Map<string, number> {
      const rows = query.all(list.map((term) => `"${term}"`).join(' OR ')) as {
        path: string;
        score: number;
      }[];
      return new Map(rows.map(({ path, score }) => [path, score]));
    },
  };
}
type Oracle = ReturnType<typeof createOracle>;

/** FTS5's idf: negative ones become 1e-6. */
function oracleIdf(rows: number, frequency: number): number {
  const value = Math.log((rows - frequency + 0.5) / (frequency + 0.5));
  return value <= 0 ? 1e-6 : value;
}

/** Differences between the two for one query; `level`: which of our scores is compared. */
async function compare(
  index: Index,
  oracle: Oracle,
  list: readonly string[],
  level: 'chunk' | 'file',
): Promise<string[]> {
  const rows = oracle.rows();
  const plain = await scoreView(
    index.view,
    list.map((term) => ({ term, weight: 1 })),
    PARAMETERS,
  );
  const weighted = list.map((term, i) => {
    const own = idf(index.view.liveDocs, plain.frequencies[i] as number);
    return { term, weight: own === 0 ? 0 : oracleIdf(rows, oracle.frequency(term)) / own };
  });
  const all = readable(index.view, await scoreView(index.view, weighted, PARAMETERS));
  const ours = new Map<string, number>();
  for (const [key, score] of all) {
    const [path = '', chunk] = key.split('#');
    if ((chunk !== undefined) === (level === 'chunk')) ours.set(path, score);
  }
  // With one document a file, frequencies must agree as well.
  const frequencies =
    level === 'file'
      ? []
      : list
          .filter((term, i) => oracle.frequency(term) !== plain.frequencies[i])
          .map((term) => `${term}: in ${oracle.frequency(term)} rows`);
  return [...frequencies, ...differences(ours, oracle.scores(list), 1e-4)];
}

function queries(random: (n: number) => number, number: number): string[][] {
  return Array.from({ length: number }, () => {
    const words = Array.from(
      { length: 1 + random(5) },
      () => VOCABULARY[random(VOCABULARY.length)] as string,
    );
    return [...new Set(words.flatMap((word) => termsOf(word).words))];
  });
}

interface Scenario {
  readonly seed: number;
  readonly files: number;
  readonly rounds: number;
  blob(random: (n: number) => number): Blob;
}

/** Loads, then edits, deletes, adds and merges in rounds; after each, asks both. Returns how many scores were compared. */
async function run({ seed, files, rounds, blob }: Scenario, level: 'chunk' | 'file'): Promise<number> {
  const random = seeded(seed);
  const index = createIndex();
  const oracle = createOracle();
  const put = (paths: readonly string[]) => {
    const batch = paths.map((path) => [path, blob(random)] as const);
    addFiles(index, batch);
    for (const [path, content] of batch) oracle.put(path, content);
  };
  let created = 0;
  let compared = 0;
  const newPaths = (number: number) => Array.from({ length: number }, () => `f${created++}`);
  for (let round = 0; round <= rounds; round++) {
    oracle.begin();
    if (round === 0) for (let part = 0; part < 5; part++) put(newPaths(files / 5));
    else {
      const known = [...index.place.keys()];
      const some = (number: number) => [
        ...new Set(Array.from({ length: number }, () => known[random(known.length)] as string)),
      ];
      put(some(files / 12));
      for (const path of some(files / 15)) {
        removeFile(index, path);
        oracle.remove(path);
      }
      put(newPaths(files / 20));
      const ids = [...index.segments.keys()];
      if (round % 2 === 0) merge(index, ids.slice(0, 2 + random(ids.length - 1)), round % 4 === 0);
    }
    oracle.commit();
    if (round === 3) oracle.optimize();
    expect(index.view.fileCount).toBe(oracle.rows());
    for (const list of queries(random, 12)) {
      expect([list, await compare(index, oracle, list, level)]).toEqual([list, []]);
      compared += oracle.scores(list).size;
    }
  }
  return compared;
}

describe('FTS5 agrees', () => {
  it('on scores of documents and frequencies of terms, through edits, deletions and merges', async () => {
    const oneField: Scenario = {
      seed: 1,
      files: 2000,
      rounds: 6,
      blob: (random) => [{ body: textOf(random, 40) }],
    };
    expect(await run(oneField, 'chunk')).toBeGreaterThan(2000);
  });

  it('on scores of files of several documents and five weighted fields', async () => {
    const manyFields: Scenario = {
      seed: 2,
      files: 600,
      rounds: 6,
      blob: (random) =>
        Array.from({ length: 1 + random(3) }, () => ({
          body: textOf(random, 20),
          name: textOf(random, 2),
          doc: textOf(random, 6),
          scope: textOf(random, 2),
          signature: textOf(random, 5),
        })),
    };
    expect(await run(manyFields, 'file')).toBeGreaterThan(600);
  });
});
