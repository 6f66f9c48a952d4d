/** Small segments and views made of text, for tests of the lexical index. Not part of the engine. */
import fc from 'fast-check';
import type { ChunkFields } from '../../model/parsed-file.ts';
import { createIndexView, type IndexView, type NewFile } from '../index-view.ts';
import { type ChunkDocument, createSegmentBuilder } from '../segment-builder.ts';
import type { EncodedSegment } from '../segment-format.ts';

/** A document: its fields, the others empty. */
export type Doc = Partial<ChunkFields> & { readonly definitions?: readonly string[] };
/** A blob is its documents; its number among all blobs of a test is its hash. */
export type Blob = readonly Doc[];

export function chunk({ definitions = [], ...fields }: Doc, line = 1): ChunkDocument {
  return {
    start: line,
    end: line + 4,
    symbol: definitions.length > 0 ? 0 : -1,
    kind: definitions.length > 0 ? 'function' : undefined,
    fields: { name: '', scope: '', signature: '', doc: '', body: '', ...fields },
    definitions,
    ownDefinition: definitions.length > 0,
  };
}

export function encodeBlobs(blobs: readonly Blob[]): EncodedSegment {
  const builder = createSegmentBuilder();
  for (const blob of blobs) builder.addBlob(blob.map((doc, i) => chunk(doc, i * 5 + 1)));
  return builder.finish();
}

export function addSegment(view: IndexView, id: number, { header, pages }: EncodedSegment): void {
  view.addSegment(id, header, async (numbers) => numbers.map((number) => pages[number] as Uint8Array));
}

/** `path` has the bytes of this blob of this segment. */
export function fileAt(
  path: string,
  segment: number,
  ordinal: number,
  hash = `${segment}:${ordinal}`,
): NewFile {
  const stamp = { size: 1, mtimeNs: 1n, ctimeNs: 1n, inode: 1n };
  return { path, hash, language: 'text', kind: 'code', traits: [], stamp, segment, ordinal };
}

/** A view of one segment whose blobs are `files`, by path. */
export function viewOf(files: Readonly<Record<string, Blob>>): IndexView {
  const view = createIndexView();
  addSegment(view, 1, encodeBlobs(Object.values(files)));
  Object.keys(files).forEach((path, ordinal) => {
    view.setFile(fileAt(path, 1, ordinal));
  });
  return view;
}

const words = [
  'alpha',
  'beta',
  'gamma',
  'delta',
  'parseCookie',
  'max_tokens',
  'x1',
  'données',
  '天気',
  'run',
];

/** Text of a few words that come again and again, so that documents share terms. */
export const anyText = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((list) => list.join(' '));
export const anyDoc: fc.Arbitrary<Doc> = fc.record(
  {
    body: anyText,
    name: anyText,
    doc: anyText,
    signature: anyText,
    scope: anyText,
    definitions: fc.array(fc.constantFrom('run', 'parseCookie', '$', 'größe'), { maxLength: 2 }),
  },
  { requiredKeys: ['body'] },
);
export const anyBlob: fc.Arbitrary<Blob> = fc.array(anyDoc, { maxLength: 4 });
