/** The log of a stdio server: stderr, one line an event. stdout carries MCP alone. */

export type Log = (line: string) => void;

export const stderrLog: Log = (line) => {
  process.stderr.write(`conexus: ${line}\n`);
};
