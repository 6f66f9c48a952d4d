/** Who asks, and what he may do. Made by authentication, read by everything after it; knows neither keys nor HTTP. */
import { UserError } from '../errors.ts';
import type { Scope } from '../operations/operation.ts';

export const SCOPES = ['read', 'index'] as const satisfies readonly Scope[];

export interface Principal {
  /** Stable and not secret: for limits and the audit log. */
  readonly id: string;
  readonly scopes: readonly Scope[];
  /** undefined: every repository. */
  readonly repositories: readonly string[] | undefined;
}

/** Whoever reaches a server without authentication: on a loopback address, a process of this machine. */
export const ANONYMOUS: Principal = { id: 'anonymous', scopes: SCOPES, repositories: undefined };

export function mayRead({ scopes, repositories }: Principal, repository: string): boolean {
  return scopes.includes('read') && (repositories === undefined || repositories.includes(repository));
}

/** @throws UserError forbidden */
export function requireScope({ scopes }: Principal, needed: Scope): void {
  if (scopes.includes(needed)) return;
  throw new UserError(
    'forbidden',
    `This call needs the scope "${needed}", which your key does not have`,
    `Use a key with --scope ${[...new Set([...scopes, needed])].join(',')}, or ask whoever runs this server.`,
  );
}
