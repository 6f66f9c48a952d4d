/** Threads that answer questions beside the calling one, each over the same store. The caller never depends on them: where none can answer, it does. */
import type { FilePath } from '../model/file.ts';

/** What answers rest on beside the files of the root: where two are the same, two workspaces answer alike. */
export interface Rests {
  /** The newest commit that has been read. */
  readonly commits: string | undefined;
  readonly model: string | undefined;
  /** Chunks without vectors. */
  readonly missing: number;
}

export interface ThreadQuestion {
  readonly root: string;
  readonly kind: 'search' | 'locate';
  /** As the workspace takes it. */
  readonly request: object;
  readonly rests: Rests;
}

export interface QuestionThreads {
  /**
   * Undefined: no thread is ready or has room, or what its answer rests on is not what the asker's would; it gets there meanwhile.
   * @throws ConexusError as the workspace does; cancelled; thread_lost: the thread ended
   */
  ask(question: ThreadQuestion, signal?: AbortSignal): Promise<object | undefined>;
  /** These files differ from the index without an event. */
  suspect(root: string, paths: readonly FilePath[]): void;
  /** The root was closed, or its store is another one from now on. */
  forget(root: string): void;
  close(): Promise<void>;
}
