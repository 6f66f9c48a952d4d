/** Time of this process's own work, which a busy machine does not stretch as it does the clock's. Not part of the engine. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
