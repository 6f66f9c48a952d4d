/**
 * An error that nobody expected -> what may leave the machine of it: its kind and where in our code it was thrown. No message: it may quote a query,
 * a path or code. The log has it, under the same id.
 */

export interface DefectDescription {
  /** Name of the class, e.g. `TypeError`. */
  readonly type: string;
  /** Of errors of Node, e.g. `ENOSPC`. */
  readonly code: string | undefined;
  /** Innermost first: `function (packages/server/src/a.ts:1:2)`. Files of others are named by their package alone. */
  readonly frames: readonly string[];
  readonly cause: DefectDescription | undefined;
}

const MAX_FRAMES = 20;
const MAX_CAUSES = 3;

export function describeDefect(error: unknown, causes = MAX_CAUSES): DefectDescription {
  if (!(error instanceof Error)) return { type: typeof error, code: undefined, frames: [], cause: undefined };
  const { name, cause } = error;
  const code: unknown = Reflect.get(error, 'code');
  return {
    type: typeof name === 'string' && /^[A-Za-z_$][\w.$]{0,80}$/.test(name) ? name : 'Error',
    code: typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined,
    frames: framesOf(error),
    cause: cause === undefined || causes === 0 ? undefined : describeDefect(cause, causes - 1),
  };
}

/** The message comes first in a stack, and may look like frames. */
function framesOf({ message, stack }: Error): string[] {
  // Both can be set to anything.
  if (typeof message !== 'string' || typeof stack !== 'string') return [];
  const begin = stack.indexOf(message);
  if (begin < 0) return [];
  return stack
    .slice(begin + message.length)
    .split('\n')
    .flatMap((line) => frameOf(line) ?? [])
    .slice(0, MAX_FRAMES);
}

function frameOf(line: string): string | undefined {
  const [, called = '', place = ''] =
    /^ {4}at (?:(.{1,200}?) \()?([^()]{1,1000}:\d+:\d+)\)?$/.exec(line) ?? [];
  if (place === '') return undefined;
  const name = /^[\w.$<># [\]-]+$/.test(called) ? called : '<anonymous>';
  return `${name} (${placeOf(place)})`;
}

/** Paths of this machine stay here. */
function placeOf(place: string): string {
  const [, own] =
    /[\\/](packages[\\/](?:engine|server|sdk)[\\/](?:src|dist|bin)[\\/][\w./\\-]+:\d+:\d+)$/.exec(place) ??
    [];
  if (own !== undefined) return own.replaceAll('\\', '/');
  const [, other] =
    /[\\/]node_modules[\\/]((?:@[\w.-]+[\\/])?[\w.-]+[\\/][\w./\\-]*:\d+:\d+)$/.exec(place) ?? [];
  if (other !== undefined) return `node_modules/${other.replaceAll('\\', '/')}`;
  return /^node:[\w/:]+$/.test(place) ? place : '<elsewhere>';
}
