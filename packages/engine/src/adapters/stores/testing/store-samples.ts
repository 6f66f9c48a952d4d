/**
 * Small publications in a line of text, and deltas printed as one, for tests and benchmarks of stores. A blob is named
 * by its hash; a row prints as `path=hash@segment:ordinal`. Not part of the engine.
 */
import type {
  BlobKey,
  ManifestDelta,
  ManifestEntry,
  NewSegment,
  Publication,
  Store,
} from '../../../ports/store.ts';

const text = new TextEncoder();

export const bytes = (value: string): Uint8Array => text.encode(value);

export function string(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : new TextDecoder().decode(value);
}

/** `a` or `a/python` or `a/python/v2`: hash, language, fingerprint. */
export function key(name: string): BlobKey {
  const [hash = '', language = 'typescript', fingerprint = 'v1'] = name.split('/');
  return { hash, language, fingerprint };
}

/** A segment whose header and pages name its blobs. */
export function segment(...names: string[]): NewSegment {
  return {
    header: bytes(`header ${names.join(' ')}`),
    pages: names.map((name) => bytes(`page ${name}`)),
    blobs: names.map((name) => ({ key: key(name), outline: bytes(`outline ${name}`) })),
  };
}

/** `src/a.ts=a` */
export function entry(line: string, change: Partial<ManifestEntry> = {}): ManifestEntry {
  const [path = '', blob = ''] = line.split('=');
  const stamp = {
    size: 7,
    mtimeNs: 1_700_000_000_123_456_789n,
    ctimeNs: 1_700_000_000_123_456_790n,
    inode: 42n,
  };
  return { path, blob: key(blob), stamp, kind: 'code', traits: [], ...change };
}

interface Changes {
  readonly segments?: readonly NewSegment[];
  readonly put?: readonly string[];
  readonly remove?: readonly string[];
}

export function publication(workspace: number, changes: Changes): Publication {
  const { segments = [], put = [], remove = [] } = changes;
  return { workspace, segments, upserts: put.map((line) => entry(line)), deletes: remove };
}

export function print(delta: ManifestDelta): string {
  const rows = delta.upserts.map(
    (row) => `${row.path}=${row.blob.hash}@${row.blob.segment}:${row.blob.ordinal}`,
  );
  const moved = delta.moved.map((blob) => `${blob.hash}->${blob.segment}:${blob.ordinal}`);
  const parts = [
    delta.full ? 'full' : 'delta',
    ...rows.sort(),
    ...delta.deletes.map((path) => `-${path}`).sort(),
    ...moved.sort(),
    `[${delta.segments.join(' ')}]`,
  ];
  return parts.join(' ');
}

/** Handles for a case: the one it works with, and others on the same data. */
export interface Context {
  store(): Store;
  open(): Store;
}
