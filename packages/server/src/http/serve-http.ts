/** The shared server as a process: starts, says where it is, ends on a signal. */
import { isLoopback } from '../config/serve-faults.ts';
import type { ServeSettings } from '../config/serve-settings.ts';
import type { Settings } from '../config/settings.ts';
import { toSafeError } from '../errors.ts';
import { openObservation } from '../observe/observation.ts';
import type { EngineLoader } from '../workspaces/load-engine.ts';
import { openServer } from './open-server.ts';

export interface ProcessParts {
  readonly loadEngine: EngineLoader;
  /** Lines of the log. */
  readonly write: (line: string) => void;
  /** A person started it, and it ends with his terminal. */
  readonly hasTerminal: boolean;
}

/** Resolves when the server has ended. @throws UserError when it cannot start */
export async function serveHttp(
  settings: Settings,
  serve: ServeSettings,
  { loadEngine, write, hasTerminal }: ProcessParts,
): Promise<void> {
  const observation = await openObservation(serve.observe, serve.repositories, write);
  const { log } = observation;
  // Told before the process ends, as it would without us.
  process.once('uncaughtException', (error) => {
    toSafeError(error, log);
    void observation.close().finally(() => process.exit(1));
  });
  const server = await openServer({ settings, serve, loadEngine, log, observation });
  for (const line of welcome(serve, server)) log(line);
  // Daemons are told so that files have been exchanged, and `nohup` means what it says.
  if (!hasTerminal) process.on('SIGHUP', () => log('SIGHUP: goes on; renewed TLS files are seen without it'));
  const signals: readonly NodeJS.Signals[] = hasTerminal ? [...SIGNALS, 'SIGHUP'] : SIGNALS;
  const signal = await asked(signals);
  log(`${signal}: ending what is in work, at most ${Math.round(serve.limits.drain_ms / 1_000)} s`);
  // The second signal does not wait.
  for (const name of signals) process.once(name, () => process.exit(130));
  await server.close();
  await observation.close();
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

function asked(signals: readonly NodeJS.Signals[]): Promise<string> {
  return new Promise((resolve) => {
    for (const name of signals) process.once(name, () => resolve(name));
  });
}

function welcome(
  serve: ServeSettings,
  server: { url: string; auth: string; keys: number; metrics: string | undefined },
): readonly string[] {
  const names = serve.repositories.map(({ name }) => name);
  return [
    `MCP at ${server.url}/mcp, REST at ${server.url}/v1/<operation>, described at ${server.url}/openapi.json`,
    `repositories: ${names.join(', ')}`,
    ...(server.metrics === undefined ? [] : [`metrics at ${server.metrics}`]),
    server.auth === 'none'
      ? 'no authentication: every process of this machine may ask; "conexus keys create" makes a key'
      : `authentication by key, ${server.keys} usable`,
    ...(serve.observe.metrics !== undefined && !isLoopback(serve.observe.metrics.host)
      ? [
          'metrics can be read without a key from other machines: names of repositories and counts; let none but Prometheus reach that port',
        ]
      : []),
    ...(serve.tls === undefined && server.auth === 'keys' && !server.url.startsWith('http://127.')
      ? ['no TLS: keys travel in the clear unless a TLS proxy stands in front']
      : []),
  ];
}
