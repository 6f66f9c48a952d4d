/**
 * What a request must show before anything looks at it: a Host that is ours and an Origin that may ask, so that a web
 * page cannot reach a local server by rebinding a name (CVE-2025-66414 and its kin). Knows no key and no route.
 */
import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../config/serve-faults.ts';
import { Refusal } from './refusal.ts';

export interface GuardSettings {
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}

export interface Guard {
  /** @throws Refusal 403 */
  check(request: IncomingMessage): void;
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

export function makeGuard({ host, allowedHosts, allowedOrigins }: GuardSettings): Guard {
  const isLocal = isLoopback(host);
  const own = host.includes(':') ? `[${host}]` : host.toLowerCase();
  const hosts = new Set([own, ...allowedHosts, ...(isLocal ? LOOPBACK_NAMES : [])]);
  const origins = new Set(allowedOrigins);
  return {
    check({ headers }) {
      const name = hostName(headers.host);
      if (name === undefined || !(hosts.has(name) || hosts.has((headers.host ?? '').toLowerCase())))
        throw forbidden('The Host header names no host of this server', 'Add the name to allowed_hosts.');
      const { origin } = headers;
      if (origin !== undefined && !(origins.has(origin.toLowerCase()) || (isLocal && isLocalOrigin(origin))))
        throw forbidden('This web page may not ask this server', 'Add its origin to allowed_origins.');
    },
  };
}

/** `example.org:80` -> `example.org`; undefined for what is no host. */
function hostName(header: string | undefined): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(header ?? '')?.[1]?.toLowerCase();
}

/** A page of this machine cannot read our answers either, since none allows it (CORS); local tools send such an origin. */
function isLocalOrigin(origin: string): boolean {
  const host = /^https?:\/\/(.+)$/i.exec(origin)?.[1];
  return LOOPBACK_NAMES.includes(hostName(host) ?? '');
}

function forbidden(message: string, advice: string): Refusal {
  return new Refusal(403, { code: 'forbidden', message, advice });
}
