import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { prometheusPrograms } from '@twiceproof/engines';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '..');
const read = (path: string) => parse(readFileSync(join(folder, path), 'utf8'));

async function promtool(...args: string[]): Promise<string> {
  const programs = await prometheusPrograms();
  const { stdout } = await promisify(execFile)(programs.promtool, args, { cwd: folder });
  return stdout;
}

test('promtool accepts the configuration of Prometheus with its alert rules', async () => {
  const output = await promtool('check', 'config', 'prometheus/prometheus.yaml');
  expect(output).toMatch(/SUCCESS: \d+ rules found/);
});

test('the alerts are raised and not raised as their tests say', async () => {
  const output = await promtool('test', 'rules', 'prometheus/alerts.test.yaml');
  expect(output).toContain('SUCCESS');
});

test('every alert has a test in which it is raised and one in which it is not', () => {
  interface Rule {
    readonly alert?: string;
    readonly annotations: unknown;
  }
  const { groups } = read('prometheus/alerts.yaml') as { groups: { rules: Rule[] }[] };
  const alerts = groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
  const { tests } = read('prometheus/alerts.test.yaml') as {
    tests: { alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[] }[];
  };
  const expected = tests.flatMap((each) => each.alert_rule_test);
  expect(alerts.length).toBeGreaterThan(0);
  for (const alert of alerts) {
    const own = expected.filter(({ alertname }) => alertname === alert);
    expect(
      own.filter(({ exp_alerts }) => exp_alerts !== undefined),
      alert,
    ).not.toEqual([]);
    expect(
      own.filter(({ exp_alerts }) => exp_alerts === undefined),
      alert,
    ).not.toEqual([]);
  }
});

interface Service {
  readonly image?: string;
  readonly build?: { readonly dockerfile: string };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: unknown;
  readonly profiles?: readonly string[];
}
const compose = read('compose.yaml') as { services: Record<string, Service> };
const services = Object.entries(compose.services).map(([name, service]) => ({ name, service }));

describe.each(services)('the service $name', ({ service }) => {
  test('has a version that does not move', () => {
    const { image, build } = service;
    const base = image ?? readFileSync(join(folder, '../..', build!.dockerfile), 'utf8');
    expect(base).toMatch(/[\w/-]+:v?\d+\.\d+\.?\d*/);
    expect(base).not.toContain('latest');
  });

  test('is reached from this machine alone', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test('finds the files that it is given', () => {
    for (const volume of service.volumes ?? []) {
      const [path] = volume.split(':');
      expect(existsSync(join(folder, path!)), path).toBe(true);
      expect(volume).toMatch(/:ro$/);
    }
  });

  test('says when it serves, unless it is a program that ends', () => {
    expect(service.healthcheck !== undefined).toBe(service.profiles?.[0] !== 'demo');
  });
});

test('no two services want the same port', () => {
  const ports = services.flatMap(({ service }) => service.ports ?? []);
  const outside = ports.map((port) => port.split(':')[1]);
  expect(new Set(outside).size).toBe(outside.length);
});

test('Prometheus scrapes what Jaeger hands out, and Grafana asks both where they listen', () => {
  const jaeger = read('jaeger/config.yaml');
  const [scrape] = read('prometheus/prometheus.yaml').scrape_configs;
  const port = jaeger.exporters.prometheus.endpoint.split(':')[1];
  expect(scrape.static_configs[0].targets).toEqual([`jaeger:${port}`]);
  // Otherwise job and instance would be Jaeger's, and all services one.
  expect(scrape.honor_labels).toBe(true);
  const { datasources } = read('grafana/provisioning/datasources/datasources.yaml');
  const urls = datasources.map(({ url }: { url: string }) => new URL(url));
  for (const { hostname, port: asked } of urls) {
    const ports = compose.services[hostname]!.ports!.map((each) => each.split(':')[2]);
    expect(ports).toContain(asked);
  }
});

test('every pipeline of Jaeger is made of parts that are configured', () => {
  const { service, extensions, connectors, ...parts } = read('jaeger/config.yaml');
  expect(Object.keys(extensions).sort()).toEqual([...service.extensions].sort());
  const pipelines = Object.values(service.pipelines) as Record<string, string[]>[];
  for (const kind of ['receivers', 'processors', 'exporters']) {
    const used = pipelines.flatMap((pipeline) => pipeline[kind]!);
    // A connector is where one pipeline ends and another one begins.
    const between = kind === 'processors' ? {} : connectors;
    expect(new Set(used)).toEqual(new Set(Object.keys({ ...parts[kind], ...between })));
  }
});
