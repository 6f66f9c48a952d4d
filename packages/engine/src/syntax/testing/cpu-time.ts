/** For tests: the processor time of this thread that a run takes, in ms. The time that passes says little on a busy machine. */
export function cpuMs(run: () => void): number {
  const start = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1_000;
}
