import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type PrometheusEngine, startPrometheus } from '@twiceproof/engines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dashboard } from '../src/dashboard/dashboard.ts';
import { dashboardPath, dashboardText } from '../src/dashboard/dashboard-file.ts';
import { filledIn } from '../src/dashboard/filled-in.ts';
import { panelsWithQueries } from '../src/dashboard/queries-of.ts';
import { traceSearchLinks } from '../src/dashboard/trace-search.ts';
import { variable } from '../src/dashboard/variable.ts';
import { ask, samples } from '../src/scenario/prometheus-api.ts';
import { scrapeConfig } from '../src/scenario/scrape-config.ts';
import { type RunningScenario, startScenario } from '../src/scenario/start-scenario.ts';

const panels = panelsWithQueries(dashboard);
const queries = panels.flatMap(({ title, queries }) =>
  queries.map(({ refId, expr }) => ({ name: `${title}, ${refId}`, expr })),
);
const asked = (expr: string, service: string): string =>
  filledIn(expr, { service, rateInterval: '6s', range: '1m' });

// The two forms of the names of histograms.
const services = ['scraped', 'through-otlp'];

test('the dashboard that is handed out is the one that the source describes', () => {
  expect(readFileSync(dashboardPath, 'utf8')).toBe(dashboardText(dashboard));
});

test('every panel says what it shows, and asks the chosen data source', () => {
  expect(dashboard.uid).toBe('twiceproof');
  for (const { title, queries, panel } of panels) {
    expect(panel.description, title).toMatch(/\w/);
    for (const query of queries) {
      expect(query.datasource, title).toEqual({ type: 'prometheus', uid: variable('metrics') });
    }
  }
});

test('windows are as long as the interval of scraping asks for', () => {
  for (const { name, expr } of queries) {
    expect(expr.replaceAll(/\$__(rate_interval|range)/g, ''), name).not.toMatch(/\[\d/);
  }
});

test('panels fill the width of each row, and do not overlap', () => {
  const widths = new Map<number, number>();
  for (const panel of dashboard.panels ?? []) {
    const { x, y, w } = panel.gridPos!;
    expect(x).toBe(widths.get(y) ?? 0);
    widths.set(y, x + w);
  }
  expect(new Set(widths.values())).toEqual(new Set([24]));
});

test('a key leads to the search for its calls, in Jaeger and in Tempo', () => {
  const [jaeger, tempo] = traceSearchLinks.map(({ url }) => url);
  expect(JSON.stringify(dashboard)).toContain(JSON.stringify(traceSearchLinks));
  const key = 'prod/charge%20it/0/abc';
  const clicked = (url: string): URL =>
    new URL(
      url
        .replace(variable('jaeger'), 'http://jaeger')
        .replaceAll(variable('__value.raw:percentencode'), encodeURIComponent(key))
        .replaceAll(variable('__data.fields["Service"]:percentencode'), 'shop'),
      'http://grafana',
    );
  const search = clicked(jaeger!);
  expect(search.searchParams.get('service')).toBe('shop');
  expect(JSON.parse(search.searchParams.get('tags')!)).toEqual({ 'idempotency.key': key });
  const { calls } = JSON.parse(clicked(tempo!).searchParams.get('panes')!);
  expect(calls.queries[0].query).toBe(`{ span.idempotency.key = "${key}" }`);
});

describe('on a Prometheus that scrapes a shop', () => {
  let scenario: RunningScenario;
  let prometheus: PrometheusEngine;

  /** Queries of both services that have not had data yet. */
  const waiting = new Map(
    services.flatMap((service) =>
      queries.map(({ name, expr }) => [`${service}: ${name}`, asked(expr, service)]),
    ),
  );

  beforeAll(async () => {
    scenario = await startScenario();
    prometheus = await startPrometheus(scrapeConfig(scenario.target));
    // How soon everything has happened depends on the machine. Most things happen in two seconds.
    const giveUpAt = performance.now() + 90_000;
    while (waiting.size > 0 && performance.now() < giveUpAt) {
      for (const [name, query] of waiting) {
        if ((await samples(prometheus.url, query)).length > 0) waiting.delete(name);
      }
      await delay(200);
    }
  });
  afterAll(async () => {
    await prometheus?.stop();
    await scenario?.stop();
  });

  test.each(queries)('$name is a query', async ({ expr }) => {
    await expect(ask(prometheus.url, 'format_query', asked(expr, '.*'))).resolves.toBeDefined();
  });

  describe.each(services)('%s', (service) => {
    test.each(queries)('$name has data', ({ name }) => {
      expect(waiting.get(`${service}: ${name}`), 'the query without data').toBeUndefined();
    });
  });

  test('the shop was seen to replay, to fail, to refuse and to lose leases', async () => {
    const query = 'count by (idempotency_outcome) (idempotency_execution_duration_count)';
    const outcomes = await samples(prometheus.url, query);
    expect(outcomes.map(({ metric }) => metric.idempotency_outcome).sort()).toEqual([
      'bypassed',
      'executed',
      'failed',
      'held',
      'in_progress',
      'lease_lost',
      'mismatch',
      'replayed',
      'replayed_error',
      'shadowed',
      'store_error',
      'timed_out',
      'unknown',
    ]);
    const lost = await samples(prometheus.url, 'sum(idempotency_lease_losses_total)');
    expect(Number(lost[0]!.value[1])).toBeGreaterThan(0);
  });
});
