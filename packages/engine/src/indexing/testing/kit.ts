/** An index target on a temporary tree, with everything real but the store, which is in memory. Not part of the engine. */
import { openDiskSource } from '../../adapters/sources/disk-source.ts';
import { tempTree } from '../../adapters/sources/testing/temp-tree.ts';
import { createMemoryDatabase, openMemoryStore } from '../../adapters/stores/memory-store.ts';
import type { FilePath } from '../../model/file.ts';
import type { Store, WorkspaceId } from '../../ports/store.ts';
import { type BatchTask, type MorePaths, runBatch } from '../batch.ts';
import type { IndexTarget } from '../index-workspace.ts';

export interface Bench extends IndexTarget {
  readonly root: string;
  readonly store: Store;
  readonly workspace: WorkspaceId;
  /** Tasks that were run, for tests that ask what was not done. */
  readonly tasks: BatchTask[];
}

const LARGEST = 100_000;

/** `store`: shared with another bench; the root then gets a workspace of its own. */
export async function bench(
  files: Readonly<Record<string, string>>,
  options: { readonly store?: Store; readonly root?: string; readonly parallel?: number } = {},
): Promise<Bench> {
  const root = options.root ?? tempTree(files);
  const source = openDiskSource(root);
  const store = options.store ?? openMemoryStore(createMemoryDatabase());
  const tasks: BatchTask[] = [];
  return {
    root,
    source,
    store,
    workspace: await store.openWorkspace(root),
    maxFileBytes: LARGEST,
    parallel: options.parallel ?? 2,
    tasks,
    run(task, more) {
      tasks.push(task);
      return runBatch(source, task, more && asPromised(more));
    },
    published() {},
  };
}

const asPromised =
  (more: () => readonly FilePath[]): MorePaths =>
  async () =>
    more();

/** `path=language kind`, sorted: what the store has of a workspace. */
export async function manifestOf({
  store,
  workspace,
}: Pick<Bench, 'store' | 'workspace'>): Promise<string[]> {
  const { upserts } = await store.readManifest(workspace, 0);
  return upserts.map(({ path, blob, kind }) => `${path}=${blob.language} ${kind}`).sort();
}

/** Small modules, each with a word of its own. */
export function modules(count: number, folder = 'src'): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `${folder}/module${i}.ts`,
      `/** Turns wheel ${i}. */\nexport function turnWheel${i}(speed: number): number {\n  return speed * ${i};\n}\n`,
    ]),
  );
}
