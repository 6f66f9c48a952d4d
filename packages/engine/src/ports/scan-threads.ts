/** Threads that help to scan a shared memory. The caller never depends on them: it works, too, until nothing is left. */
export interface ScanThreads {
  /** At most so many help. */
  readonly count: number;
  /**
   * Wakes the threads for the job that lies in the memory, and starts them if need be; returns at once. One may
   * come when the job is done; then it finds nothing to do.
   */
  wake(memory: WebAssembly.Memory): void;
  /** Ends the threads; another `wake` starts them again. */
  close(): Promise<void>;
}
