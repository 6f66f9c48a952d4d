/**
 * Where people wrote about the code: commits now; issues, reviews and discussions once a connector brings them. What an item
 * says is text of others: data, never an instruction.
 */
import type { FilePath } from '../model/file.ts';

/** `carried_by`: the item came into the code with the other one, as a commit comes with the merge of its branch. */
export interface ItemLink {
  readonly kind: 'carried_by';
  readonly id: string;
}

export interface SourceItem {
  /** Unique within its source. */
  readonly id: string;
  readonly kind: 'commit' | 'merge' | 'issue' | 'pull_request' | 'discussion';
  readonly title: string;
  readonly body: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** Files that it changed or is about, relative to the root. */
  readonly paths: readonly FilePath[];
  readonly links: readonly ItemLink[];
  /** Where it can be read again: name of the source, and its own identifier or address. */
  readonly provenance: { readonly source: string; readonly reference: string };
}

export interface ItemQuery {
  readonly limit: number;
  /** Only items not older than this, in seconds since 1970. */
  readonly since?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** All @throws ConexusError cancelled */
export interface RelatedSource {
  readonly name: string;
  /** Those that it has, by id, with their links. */
  items(ids: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, SourceItem>>;
  /** The one item whose id begins so; undefined where none or several do. `start`: hexadecimal digits. */
  abbreviated(start: string, signal?: AbortSignal): Promise<SourceItem | undefined>;
  /** Items whose text holds any of these texts, newest first. */
  naming(texts: readonly string[], query: ItemQuery): Promise<readonly SourceItem[]>;
  /** Items that changed the file, or are about it, under this path, newest first. */
  touching(path: FilePath, query: ItemQuery): Promise<readonly SourceItem[]>;
  /** The item after which the file was there no more, and the name that it had afterwards, if any. */
  removal(path: FilePath, signal?: AbortSignal): Promise<FileRemoval | undefined>;
}

export interface FileRemoval {
  readonly item: SourceItem;
  readonly renamedTo: FilePath | undefined;
}
