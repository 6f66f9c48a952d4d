/** `conexus serve`: flags -> settings -> server. Knows no request. */
import type { RawServeSettings } from '../config/serve-settings.ts';
import { resolveServeSettings } from '../config/serve-settings.ts';
import type { Settings } from '../config/settings.ts';
import { asSafeError, invalidArgument } from '../errors.ts';
import { serveHttp } from '../http/serve-http.ts';
import { openLogWriter } from '../observe/log-writer.ts';
import { plural } from '../render/text.ts';
import { VERSION } from '../version.ts';
import { EXIT } from './exit-codes.ts';
import type { Host } from './host.ts';
import type { ParsedFlags } from './options.ts';

/** `resolve` reads the settings of every command. */
export async function runServe(
  { values, positionals }: ParsedFlags,
  resolve: () => Settings,
  host: Host,
): Promise<number> {
  if (positionals[0] !== undefined)
    throw invalidArgument(
      `Unexpected argument "${positionals[0]}"`,
      'Give repositories as --repo NAME=DIR, or one with --root.',
    );
  const [settings, serve] = bothOf(resolve, (known) =>
    resolveServeSettings(rawSettings(values, known, host)),
  );
  // Standard output of a server is its log; a person at a terminal reads standard error, as with every other command.
  const isJson = serve.observe.log.format === 'json';
  const log = openLogWriter({ put: isJson ? host.putOut : host.putErr, wordLoss: lossIn(isJson) });
  // Also where a defect or a second signal ends the process.
  process.once('exit', log.flush);
  try {
    await serveHttp(settings, serve, {
      loadEngine: host.loadEngine,
      write: log.write,
      hasTerminal: host.errIsTerminal,
    });
  } finally {
    process.off('exit', log.flush);
    await log.close();
  }
  return EXIT.ok;
}

const lossIn =
  (isJson: boolean) =>
  (lines: number, reason: string): string => {
    const msg = `${plural(lines, 'line')} of this log could not be written and are lost (${reason})`;
    return isJson
      ? `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), service: 'conexus', version: VERSION, event: 'server', msg })}\n`
      : `conexus: ${msg}\n`;
  };

/** What is wrong in either is said at once. @throws UserError invalid_argument */
function bothOf<First, Second>(
  first: () => First,
  second: (known: First | undefined) => Second,
): readonly [First, Second] {
  let known: First | undefined;
  let failure: unknown;
  try {
    known = first();
  } catch (error) {
    failure = error;
  }
  let found: Second;
  try {
    found = second(known);
  } catch (error) {
    const [one, other] = [asSafeError(failure), asSafeError(error)];
    if (one === undefined || other === undefined) throw failure ?? error;
    throw invalidArgument(`${one.message}. ${other.message}`, `${one.advice} ${other.advice}`);
  }
  if (failure !== undefined) throw failure;
  return [known as First, found];
}

function rawSettings(
  values: ParsedFlags['values'],
  settings: Settings | undefined,
  host: Host,
): RawServeSettings {
  return {
    cwd: host.cwd,
    file: text(values['config']) ?? (host.env['CONEXUS_SERVE_CONFIG'] || undefined),
    host: text(values['host']),
    port: text(values['port']),
    auth: text(values['auth']),
    repositories: list(values['repo']),
    allowedHosts: list(values['allow-host']),
    allowedOrigins: list(values['allow-origin']),
    root: settings?.root ?? host.cwd,
    metricsPort: text(values['metrics-port']),
    queryThreads: text(values['query-threads']),
    logFormat: text(values['log']),
    checksFiles: true,
    isTerminal: host.errIsTerminal,
    otlpEndpoint: settings?.otlpEndpoint,
    serviceName: settings?.serviceName,
  };
}

type Value = ParsedFlags['values'][string];

function text(value: Value): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function list(value: Value): readonly string[] {
  return Array.isArray(value) ? value : [];
}
