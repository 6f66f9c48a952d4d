/** The log of a stdio server: stderr, one line an event. stdout carries MCP alone. */

import type { DefectLog } from '../errors.ts';

export type Log = DefectLog;

export const stderrLog: Log = (line) => {
  process.stderr.write(`conexus: ${line}\n`);
};
