/** What is wrong with what users get of others: licences, archives that npm could not check, scripts, missing notices. */
import type { Component } from './components.ts';

/** May be installed and redistributed with Apache-2.0 as they are. Anything else, and anything unknown, is for a person to decide. */
const ALLOWED = new Set([
  'Apache-2.0',
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Zlib',
]);

/** `notice`: text that goes out with the binary and names what is bundled into it. */
export function supplyProblems(components: readonly Component[], notice: string): readonly string[] {
  return components.flatMap((component) => {
    const { name, version, licence, integrity, kind, runsScript } = component;
    const problems: string[] = [];
    if (!isAllowed(licence))
      problems.push(
        `its licence is ${licence ?? 'not stated'}; tools/security/supply.ts says which may ship`,
      );
    if (integrity === undefined) problems.push('it has no checksum in the lock file');
    if (runsScript) problems.push('it runs a script when it is installed');
    if (kind === 'bundled' && !notice.includes(name.replace(/^@opentelemetry\//, '')))
      problems.push('it is bundled, and packages/server/NOTICE does not name it');
    return problems.map((problem) => `${name}@${version}: ${problem}`);
  });
}

/** Of `A OR B` one is enough, of `A AND B` both are needed; more complex expressions are for a person. */
export function isAllowed(licence: string | undefined): boolean {
  if (licence === undefined) return false;
  const plain = licence.replace(/^\((.*)\)$/, '$1');
  if (/[()]/.test(plain) || (/ AND /.test(plain) && / OR /.test(plain))) return false;
  if (/ AND /.test(plain)) return plain.split(' AND ').every((one) => ALLOWED.has(one));
  return plain.split(' OR ').some((one) => ALLOWED.has(one));
}
