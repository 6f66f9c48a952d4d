/** `conexus serve`: flags -> settings -> server. Knows no request. */
import { resolveServeSettings } from '../config/serve-settings.ts';
import type { Settings } from '../config/settings.ts';
import { invalidArgument } from '../errors.ts';
import { serveHttp } from '../http/serve-http.ts';
import { EXIT } from './exit-codes.ts';
import type { Host } from './host.ts';
import type { ParsedFlags } from './options.ts';

export async function runServe(
  { values, positionals }: ParsedFlags,
  settings: Settings,
  host: Host,
): Promise<number> {
  if (positionals[0] !== undefined)
    throw invalidArgument(
      `Unexpected argument "${positionals[0]}"`,
      'Give repositories as --repo NAME=DIR, or one with --root.',
    );
  const serve = resolveServeSettings({
    cwd: host.cwd,
    file: text(values['config']) ?? (host.env['CONEXUS_SERVE_CONFIG'] || undefined),
    host: text(values['host']),
    port: text(values['port']),
    auth: text(values['auth']),
    repositories: list(values['repo']),
    allowedHosts: list(values['allow-host']),
    allowedOrigins: list(values['allow-origin']),
    root: settings.root,
    metricsPort: text(values['metrics-port']),
    logFormat: text(values['log']),
    isTerminal: host.errIsTerminal,
    otlpEndpoint: settings.otlpEndpoint,
    serviceName: settings.serviceName,
  });
  // Standard output of a server is its log; a person at a terminal reads standard error, as with every other command.
  const write = (line: string) =>
    void (serve.observe.log.format === 'json' ? host.out(line) : host.err(line));
  await serveHttp(settings, serve, host.loadEngine, write);
  return EXIT.ok;
}

type Value = ParsedFlags['values'][string];

function text(value: Value): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function list(value: Value): readonly string[] {
  return Array.isArray(value) ? value : [];
}
