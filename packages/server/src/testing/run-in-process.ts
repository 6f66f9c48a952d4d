/** The command line in the test's own process, with the real engine unless another is given. */
import { Readable } from 'node:stream';
import type { Host } from '../cli/host.ts';
import { readStream } from '../cli/host.ts';
import { runCli } from '../cli/main.ts';
import { loadEngine } from '../workspaces/load-engine.ts';
import type { CommandResult, RunOptions } from './run-command.ts';
import { cleanEnv } from './run-command.ts';

export async function runInProcess(
  args: readonly string[],
  options: RunOptions & Partial<Host> = {},
): Promise<CommandResult> {
  let out = '';
  let err = '';
  const { input = '', env, cwd = process.cwd(), ...changes } = options;
  const host: Host = {
    env: cleanEnv(env as Record<string, string>),
    cwd,
    platform: process.platform,
    async out(text) {
      out += text;
    },
    err(text) {
      err += text;
    },
    putOut(data) {
      out += Buffer.from(data);
      return data.length;
    },
    putErr(data) {
      err += Buffer.from(data);
      return data.length;
    },
    readInput: (maxBytes) => readStream(Readable.from([Buffer.from(input)]), maxBytes),
    outIsTerminal: false,
    errIsTerminal: false,
    columns: 100,
    interruption: () => new AbortController().signal,
    loadEngine,
    ...changes,
  };
  const code = await runCli(args, host);
  return { code, out, err };
}
