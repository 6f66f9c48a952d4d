/** What in the settings of a shared server contradicts itself or opens it by mistake: sentences with key and fix. */
import { accessSync, constants } from 'node:fs';
import { isIP } from 'node:net';
import type { OAuthSettings } from './serve-file.ts';
import type { ServeSettings } from './serve-settings.ts';

export interface Contradiction {
  /** Keys of the configuration file that it is about. */
  readonly keys: readonly string[];
  readonly fault: string;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

export function contradictions(settings: ServeSettings): readonly Contradiction[] {
  const { auth, oauth } = settings;
  return [
    ...(oauth === undefined ? [] : oauthFaults(oauth, auth)),
    ...addressFaults(settings),
    ...nameFaults(settings),
    ...limitFaults(settings),
    ...observeFaults(settings),
  ];
}

function addressFaults({ host, auth, allowedHosts }: ServeSettings): Contradiction[] {
  const found: Contradiction[] = [];
  if (isLoopback(host)) return found;
  if (auth === 'none')
    found.push({
      keys: ['auth', 'host'],
      fault: `auth is "none" and host is "${host}": everybody who reaches this machine could read the code; use auth "keys", or host 127.0.0.1`,
    });
  if ((host === '0.0.0.0' || host === '::') && allowedHosts.length === 0)
    found.push({
      keys: ['allowed_hosts', 'host'],
      fault: `allowed_hosts is empty and host is "${host}": name what clients call this server, e.g. ["conexus.example.org"]`,
    });
  return found;
}

function nameFaults({ allowedHosts, allowedOrigins }: ServeSettings): Contradiction[] {
  const origins = allowedOrigins
    .filter((origin) => !/^https?:\/\/[^/\s]+$/.test(origin))
    .map(
      (origin) =>
        `allowed_origins: "${origin}" is no origin; write it as https://app.example.org, without a path`,
    );
  const hosts = allowedHosts
    .filter((name) => /[/\s]/.test(name))
    .map((name) => `allowed_hosts: "${name}" is no host name; leave out scheme and path`);
  return [
    ...origins.map((fault) => ({ keys: ['allowed_origins'], fault })),
    ...hosts.map((fault) => ({ keys: ['allowed_hosts'], fault })),
  ];
}

function limitFaults({ limits }: ServeSettings): Contradiction[] {
  if (limits.principal_in_flight <= limits.in_flight) return [];
  const fault = 'limits.principal_in_flight is above limits.in_flight: one key could shut out all others';
  return [{ keys: ['limits'], fault }];
}

/** Whether they hold what they should is seen when they are used. */
export function tlsFaults({ tls }: ServeSettings): Contradiction[] {
  return Object.entries(tls ?? {}).flatMap(([key, file]) => {
    try {
      accessSync(file, constants.R_OK);
      return [];
    } catch {
      const fault = `tls.${key}: "${file}" cannot be read, so the TLS files cannot be used; give a readable PEM file`;
      return [{ keys: ['tls'], fault }];
    }
  });
}

function observeFaults({ observe: { traces, errorReports } }: ServeSettings): Contradiction[] {
  const found: Contradiction[] = [];
  if (traces !== undefined && !/^https?:$/.test(protocolOf(traces.endpoint)))
    found.push({
      keys: [],
      fault:
        'OTEL_EXPORTER_OTLP_ENDPOINT is no address of a collector; write it as http://localhost:4318, or unset it',
    });
  if (errorReports !== undefined) found.push(...travelFaults('error_reports', { url: errorReports.url }));
  return found;
}

function protocolOf(address: string): string {
  return URL.parse(address)?.protocol ?? '';
}

function oauthFaults({ resource, jwks_uri }: OAuthSettings, auth: ServeSettings['auth']): Contradiction[] {
  const found = travelFaults('oauth', { resource, jwks_uri });
  if (auth === 'none')
    found.push({
      keys: ['oauth', 'auth'],
      fault: 'oauth is set and auth is "none": leave auth out, so that tokens and keys are wanted',
    });
  return found;
}

/** Addresses beyond this machine need TLS. */
function travelFaults(group: string, addresses: Readonly<Record<string, string>>): Contradiction[] {
  return Object.entries(addresses).flatMap(([key, value]) => {
    const { protocol, hostname } = new URL(value);
    if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, ''))))
      return [];
    const fault = `${group}.${key}: "${value}" can be read and changed on its way; use https`;
    return [{ keys: [group], fault }];
  });
}
