/**
 * Tables of the store, and the version that names them. Must not know what the bytes in them mean.
 *
 *   pipeline   (language, fingerprint) by a small number, so that blob rows stay small
 *   blob       derived data by (hash, pipeline); its place is (segment, ordinal); `moved`: sequence of the last merge
 *   outline    where the outline of a blob lies: from `start` in an `outline_pack` of many, compressed together (packs.ts)
 *   facts      the same of what the file says of the flow of values, made after the blob; no pack: it says nothing
 *   segment    how many documents and posting pages a segment has
 *   page       segment * 2^20 + n: n = 0 is the header, n = k + 1 is posting page k
 *   vector     rows of a segment's documents by one model; leaves with the segment
 *   block      most rows of a manifest, packed by about 128: their stamps; `listing` has the rest (packed-files.ts)
 *   listing    paths, blobs, sizes and kinds of a block; workspaces with the same files share it
 *   manifest   rows changed since they were packed, which mask those of blocks: path -> blob by workspace; `blob` null
 *              is a tombstone, `packed` when no block has the path any more; `seq`: sequence of the last change
 *   state      one row: `sequence` counts writes of the whole store; `places`: the last one that moved or removed segments; `facts`: the
 *              version of what is in the table of facts, 0 before there are any
 *
 * Pages live in a rowid table under a computed key: an 8 KB row reads in 5 us there and 20 us in WITHOUT ROWID.
 * Ids of blobs and segments are never reused (AUTOINCREMENT): readers keep data by id.
 */

/** Raise on any change of tables or of the meaning of their columns: older stores are then rebuilt. */
export const SCHEMA_VERSION = 8;

/** 'CNXS': tells our files from other SQLite databases. */
export const APPLICATION_ID = 0x434e5853;

/** Documents of one segment share an id range of this many page rows. */
export const PAGES_PER_SEGMENT = 2 ** 20;

export const SCHEMA = `
CREATE TABLE state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sequence INTEGER NOT NULL,
  places INTEGER NOT NULL,
  facts INTEGER NOT NULL
);
INSERT INTO state VALUES (1, 0, 0, 0);

CREATE TABLE workspace (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  root TEXT NOT NULL UNIQUE,
  generation INTEGER NOT NULL DEFAULT 0,
  floor INTEGER NOT NULL DEFAULT 0,
  last_used INTEGER NOT NULL,
  cleared INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE pipeline (
  id INTEGER PRIMARY KEY,
  language TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  UNIQUE (language, fingerprint)
);

CREATE TABLE blob (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash TEXT NOT NULL,
  pipeline INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  moved INTEGER NOT NULL DEFAULT 0,
  UNIQUE (hash, pipeline)
);
CREATE UNIQUE INDEX blob_place ON blob (segment, ordinal);
CREATE INDEX blob_moved ON blob (moved) WHERE moved > 0;

CREATE TABLE outline (
  blob INTEGER PRIMARY KEY,
  pack INTEGER,
  start INTEGER NOT NULL,
  length INTEGER NOT NULL
);
CREATE INDEX outline_of_pack ON outline (pack) WHERE pack IS NOT NULL;

CREATE TABLE outline_pack (
  id INTEGER PRIMARY KEY,
  length INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  bytes BLOB NOT NULL
);

CREATE TABLE facts (
  blob INTEGER PRIMARY KEY,
  pack INTEGER,
  start INTEGER NOT NULL,
  length INTEGER NOT NULL
);
CREATE INDEX facts_of_pack ON facts (pack) WHERE pack IS NOT NULL;

CREATE TABLE facts_pack (
  id INTEGER PRIMARY KEY,
  length INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  bytes BLOB NOT NULL
);

CREATE TABLE segment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  documents INTEGER NOT NULL,
  pages INTEGER NOT NULL
);

CREATE TABLE page (
  id INTEGER PRIMARY KEY,
  crc INTEGER NOT NULL,
  bytes BLOB NOT NULL
);

CREATE TABLE vector (
  segment INTEGER NOT NULL,
  model TEXT NOT NULL,
  crc INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (segment, model)
);

CREATE TABLE manifest (
  workspace INTEGER NOT NULL,
  path TEXT NOT NULL,
  blob INTEGER,
  size INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  ctime INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  kind TEXT NOT NULL,
  traits TEXT NOT NULL,
  seq INTEGER NOT NULL,
  packed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (workspace, path)
) WITHOUT ROWID;
CREATE INDEX manifest_change ON manifest (workspace, seq);
CREATE INDEX manifest_blob ON manifest (blob);
CREATE INDEX manifest_tombstone ON manifest (workspace, seq) WHERE blob IS NULL;

CREATE TABLE listing (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash BLOB NOT NULL UNIQUE,
  crc INTEGER NOT NULL,
  bytes BLOB NOT NULL
);

CREATE TABLE block (
  id INTEGER PRIMARY KEY,
  workspace INTEGER NOT NULL,
  first TEXT NOT NULL,
  listing INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  stamps BLOB NOT NULL
);
CREATE INDEX block_workspace ON block (workspace);
CREATE INDEX block_listing ON block (listing);

CREATE TABLE skipped (
  workspace INTEGER PRIMARY KEY,
  list TEXT NOT NULL
);

CREATE TABLE meta (
  workspace INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (workspace, key)
) WITHOUT ROWID;

CREATE TABLE asset (
  name TEXT PRIMARY KEY,
  crc INTEGER NOT NULL,
  bytes BLOB NOT NULL
);
`;

/** What a healthy store has, for the check on opening. */
export const TABLES: readonly string[] = [
  'asset',
  'blob',
  'block',
  'facts',
  'facts_pack',
  'listing',
  'manifest',
  'meta',
  'outline',
  'outline_pack',
  'page',
  'pipeline',
  'segment',
  'skipped',
  'state',
  'vector',
  'workspace',
];
