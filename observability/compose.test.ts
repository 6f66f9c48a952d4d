/** The compose file against what it puts together: images are pinned, files are there, names and ports in the configurations are those of services. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes: readonly string[];
  readonly extra_hosts?: readonly string[];
  readonly networks: readonly string[];
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly privileged?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const here = import.meta.dirname;
const read = (path: string) => readFileSync(join(here, path), 'utf8');
const compose = parse(read('compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);

/** Where each listens inside the network. */
const PORTS: Readonly<Record<string, readonly number[]>> = {
  prometheus: [9090],
  alertmanager: [9093],
  grafana: [3000],
  loki: [3100],
  tempo: [3200, 4318],
  alloy: [],
  conexus: [9464],
};

describe('each service', () => {
  it.each(services)(
    '%s is pinned, reached from this machine alone, and may change nothing of it',
    (_name, service) => {
      expect(service.image).toMatch(/^[a-z]+\/[a-z]+:v?\d+\.\d+\.\d+$/);
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      expect(service.privileged).toBeUndefined();
      expect(service.networks.every((name) => name in compose.networks)).toBe(true);
      expect(JSON.stringify(service)).not.toContain('docker.sock');
    },
  );

  it.each(services)(
    '%s gets files that are there, read-only, and keeps its data in a volume',
    (_name, { volumes }) => {
      for (const volume of volumes) {
        const [, from = '', to = '', mode] = /^(\$\{[^}]+\}|[^:]+):([^:]+)(?::(ro))?$/.exec(volume) ?? [];
        expect(to, volume).toMatch(/^\//);
        if (/^[a-z]+$/.test(from)) expect(compose.volumes).toHaveProperty(from);
        else expect([volume, mode]).toEqual([volume, 'ro']);
        if (from.startsWith('./') && from !== './secrets')
          expect([from, existsSync(join(here, from))]).toEqual([from, true]);
      }
    },
  );
});

describe('together', () => {
  const mounted = (name: string, path: string): string | undefined => {
    const { volumes = [] } = compose.services[name] ?? {};
    for (const volume of volumes) {
      const [from = '', to = ''] = volume.split(':');
      if (path === to && from.startsWith('./')) return from;
      if (path.startsWith(`${to}/`) && from.startsWith('./')) return from + path.slice(to.length);
    }
    return undefined;
  };

  it('every file that a command names is mounted', () => {
    const named = services.flatMap(([name, { command = [] }]) =>
      command.flatMap((word) => {
        const [, file] = /^(?:--?config\.file=)?(\/etc\/\S+)$/.exec(word) ?? [];
        return file === undefined ? [] : [[name, file] as const];
      }),
    );
    expect(named).toHaveLength(5);
    for (const [name, file] of named)
      expect([file, existsSync(join(here, mounted(name, file) ?? 'none'))]).toEqual([file, true]);
  });

  it('every address in a configuration is a service that listens there', () => {
    const files = [
      'prometheus/prometheus.yml',
      'alloy/config.alloy',
      'grafana/provisioning/datasources/conexus.yml',
    ];
    const addresses = files.flatMap((file) => [...read(file).matchAll(/(?:\/\/|")([a-z]+):(\d{2,5})\b/g)]);
    expect(addresses.length).toBeGreaterThanOrEqual(6);
    for (const [, host = '', port] of addresses) {
      const isThere =
        host in compose.services ||
        compose.services['prometheus']?.extra_hosts?.includes(`${host}:host-gateway`);
      expect([host, isThere]).toEqual([host, true]);
      expect(PORTS[host]).toContain(Number(port));
    }
    for (const [name, { ports = [] }] of services)
      for (const port of ports) expect(PORTS[name]).toContain(Number(port.split(':')[2]));
    expect(read('loki/loki.yml')).toContain('http_listen_port: 3100');
    expect(read('tempo/tempo.yml')).toMatch(/http_listen_port: 3200[\s\S]*0\.0\.0\.0:4318/);
  });

  it('rules, dashboards, secrets and logs are looked for where they are mounted', () => {
    const { rule_files: rules } = parse(read('prometheus/prometheus.yml')) as { rule_files: string[] };
    for (const rule of rules) expect(existsSync(join(here, 'prometheus', rule))).toBe(true);
    const [, dashboards = ''] = /path: (\S+)/.exec(read('grafana/provisioning/dashboards/conexus.yml')) ?? [];
    expect(readdirSync(join(here, mounted('grafana', dashboards) ?? 'none')).length).toBeGreaterThan(2);
    for (const [path] of read('alertmanager/alertmanager.yml').matchAll(
      /\/etc\/alertmanager\/secrets\/[\w-]+/g,
    ))
      expect(mounted('alertmanager', path)).toMatch(/^\.\/secrets\//);
    const [, logs = ''] = /__path__ = "([^"*]+)\//.exec(read('alloy/config.alloy')) ?? [];
    expect(compose.services['alloy']?.volumes.some((volume) => volume.endsWith(`:${logs}:ro`))).toBe(true);
  });

  it('no password is written down', () => {
    expect(compose.services['grafana']?.environment?.['GF_SECURITY_ADMIN_PASSWORD']).toMatch(
      /^\$\{GRAFANA_PASSWORD:\?/,
    );
    expect(read('compose.yml')).not.toMatch(/password:\s*['"]?[a-z0-9]+['"]?\s*$/im);
  });
});
