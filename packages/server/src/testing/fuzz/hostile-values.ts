/** JSON values that break what takes them for granted: types, bounds, encodings, paths, patterns, names of prototypes. */
import type { Random } from './random.ts';

const WORDS = [
  'invalidateSession',
  'where are sessions stored',
  'src/session.ts',
  'src/session.ts:3',
  'shop',
  'callers',
  'status',
  '',
  ' ',
  '\0',
  '\n\r\t',
  '\ud800',
  '\u202e\u2066reversed',
  '👩‍💻é',
  '"\\"',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  'C:\\Windows\\..\\secret',
  '/dev/zero',
  '/proc/self/environ',
  'file:///etc/passwd',
  'conexus://file/%00',
  'conexus://file/../../x',
  '--pre=sh',
  '-O/tmp/x',
  '--upload-pack=touch x',
  '(a+)+$',
  '(',
  '[',
  '\\',
  '(?P<x>.)\\k<y>',
  '.*.*.*.*.*.*x',
  '{{constructor}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what others would fill in
  '${jndi:ldap://x}',
  '__proto__',
  'constructor',
  'toString',
  'HEAD~1',
  'eyJvIjoxfQ',
  '9'.repeat(400),
] as const;

const NUMBERS = [0, -0, 1, -1, 0.5, 10, 1e3, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 5e-324] as const;
const KEYS = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '',
  'query',
  'repo',
  'a',
  '$ref',
  'length',
] as const;
const MAX_DEPTH = 3;

export function hostileText(random: Random): string {
  if (random.chance(0.02)) return random.of(WORDS).repeat(1 + random.below(2_000));
  if (random.chance(0.1)) return `${random.of(WORDS)}${random.of(WORDS)}`;
  return random.of(WORDS);
}

export function hostileValue(random: Random, depth = 0): unknown {
  const kind = random.below(depth < MAX_DEPTH ? 9 : 7);
  if (kind < 4) return hostileText(random);
  if (kind === 4) return random.of(NUMBERS);
  if (kind === 5) return random.chance(0.5);
  if (kind === 6) return null;
  const size = random.below(4);
  if (kind === 7) return Array.from({ length: size }, () => hostileValue(random, depth + 1));
  // Own keys, `__proto__` too.
  return Object.fromEntries(
    Array.from({ length: size }, () => [random.of(KEYS), hostileValue(random, depth + 1)]),
  );
}

type Schema = Readonly<Record<string, unknown>>;

/** Arguments for an input schema: many of the right type, some wrong, missing or too many. */
export function hostileArguments(random: Random, schema: Schema): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  const required = new Set(schema['required'] as readonly string[] | undefined);
  for (const [name, property] of Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)) {
    if (!random.chance(required.has(name) ? 0.95 : 0.25)) continue;
    entries.push([name, random.chance(0.75) ? fittingValue(random, property) : hostileValue(random)]);
  }
  if (random.chance(0.1)) entries.push([random.of(KEYS), hostileValue(random)]);
  return Object.fromEntries(entries);
}

function fittingValue(random: Random, schema: Schema): unknown {
  const values = schema['enum'] as readonly unknown[] | undefined;
  if (values !== undefined) return random.of(values);
  const choices = (schema['anyOf'] ?? schema['oneOf']) as readonly Schema[] | undefined;
  if (choices !== undefined) return fittingValue(random, random.of(choices));
  switch (schema['type']) {
    case 'string':
      return hostileText(random);
    case 'integer':
      return random.chance(0.7) ? random.below(100) : random.of(NUMBERS);
    case 'number':
      return random.of(NUMBERS);
    case 'boolean':
      return random.chance(0.5);
    case 'array':
      return Array.from({ length: random.below(5) }, () =>
        fittingValue(random, (schema['items'] ?? { type: 'string' }) as Schema),
      );
    default:
      return hostileValue(random);
  }
}
