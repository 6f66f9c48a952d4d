/** Components -> a bill of materials, CycloneDX 1.6 as JSON. The same components give the same bytes: no time, and a serial number made of the contents. */
import { createHash } from 'node:crypto';
import type { Component } from './components.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Product {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

export function cycloneDx(product: Product, components: readonly Component[]): Json {
  const listed = components.map(componentOf);
  const refs = new Map(components.map((component) => [component.id, refOf(component)]));
  const dependencies = components.map((component) => ({
    ref: refOf(component),
    dependsOn: component.needs.flatMap((id) => refs.get(id) ?? []),
  }));
  const needed = new Set(components.flatMap(({ needs }) => needs));
  const own = `pkg:npm/${product.name}@${product.version}`;
  const body = {
    metadata: {
      component: {
        type: 'application',
        'bom-ref': own,
        name: product.name,
        version: product.version,
        licenses: [{ license: { id: product.licence } }],
        purl: own,
      },
    },
    components: listed,
    dependencies: [
      { ref: own, dependsOn: components.filter(({ id }) => !needed.has(id)).map(refOf) },
      ...dependencies,
    ],
  };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(body))}`,
    version: 1,
    ...body,
  };
}

function componentOf(component: Component): Json {
  const { name, version, licence, integrity, kind, isOptional } = component;
  const [, group, plain = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  return {
    type: kind === 'grammar' ? 'file' : 'library',
    'bom-ref': refOf(component),
    ...(group !== undefined && { group }),
    name: plain,
    version,
    scope: isOptional ? 'optional' : 'required',
    ...(integrity !== undefined && { hashes: [hashOf(integrity)] }),
    ...(licence !== undefined && {
      licenses: [/ (OR|AND) /.test(licence) ? { expression: licence } : { license: { id: licence } }],
    }),
    purl: refOf(component),
    properties: [{ name: 'conexus:kind', value: kind }],
  };
}

/** A package URL; a grammar is a file of one. */
function refOf({ id }: Component): string {
  return `pkg:npm/${id.replace(/^@/, '%40')}`;
}

function hashOf(integrity: string): Json {
  const [algorithm = '', digest = ''] = integrity.split(/-(.*)/s);
  const isHex = algorithm === 'sha256';
  return {
    alg: isHex ? 'SHA-256' : 'SHA-512',
    content: isHex ? digest : Buffer.from(digest, 'base64').toString('hex'),
  };
}

/** Version 8: made of a digest. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
