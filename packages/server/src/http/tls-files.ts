/** Certificate and key of the server: files that are renewed while it runs. Knows no request. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { ServeSettings } from '../config/serve-settings.ts';
import { UserError } from '../errors.ts';

type Files = NonNullable<ServeSettings['tls']>;

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

const POLL_MS = 30_000;
const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

/** @throws UserError invalid_argument when they cannot be read or do not belong together */
export function readCertificate(files: Files): Certificate {
  try {
    const [cert, key] = [readFileSync(files.cert), readFileSync(files.key)];
    createSecureContext({ cert, key });
    return { cert, key, endsAt: new X509Certificate(cert).validToDate.getTime() };
  } catch (error) {
    throw new UserError(
      'invalid_argument',
      `The TLS files cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      'Correct tls.cert and tls.key: PEM files that belong together.',
    );
  }
}

export interface Followed {
  /** Of the certificate in use. Milliseconds since 1970. */
  readonly endsAt: number;
  stop(): void;
}

/** New connections get what the files hold now; while that cannot be used, what they held before. */
export function followCertificate(
  server: Server,
  files: Files,
  first: Certificate,
  log: (line: string) => void,
  pollMs = POLL_MS,
): Followed {
  let { endsAt } = first;
  let seen = stampOf(files);
  let complained = '';
  tellEnd(endsAt, log);
  const timer = setInterval(() => {
    const stamp = stampOf(files);
    if (stamp === seen) return;
    try {
      const { cert, key, endsAt: end } = readCertificate(files);
      server.setSecureContext({ cert, key });
      // Only now: of two files the second may be written a moment later.
      seen = stamp;
      endsAt = end;
      log(`TLS certificate renewed, good until ${dateOf(end)}`);
      tellEnd(end, log);
    } catch (error) {
      if (complained === stamp) return;
      complained = stamp;
      log(`${error instanceof Error ? error.message : String(error)}; the certificate of before is used`);
    }
  }, pollMs).unref();
  return {
    get endsAt() {
      return endsAt;
    },
    stop: () => clearInterval(timer),
  };
}

function tellEnd(endsAt: number, log: (line: string) => void): void {
  const days = (endsAt - Date.now()) / DAY_MS;
  if (days < 0) log(`the TLS certificate has ended at ${dateOf(endsAt)}: clients will refuse it`);
  else if (days < SOON_DAYS) log(`the TLS certificate ends at ${dateOf(endsAt)}`);
}

const dateOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;

/** Changes when one of the files is written, exchanged or gone. */
function stampOf(files: Files): string {
  return [files.cert, files.key]
    .map((file) => {
      const { ino, size, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {};
      return `${ino} ${size} ${mtimeMs}`;
    })
    .join(' ');
}
