import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startPrometheus } from './prometheus.ts';
import { prometheusPrograms } from './prometheus-program.ts';
import { until } from './until.ts';

test('Prometheus runs on the configuration that it is given', { timeout: 60_000 }, async () => {
  const config = `
global: { scrape_interval: 100ms }
scrape_configs:
  - job_name: empty
    static_configs: [{ targets: [] }]
`;
  const prometheus = await startPrometheus(config);
  try {
    const { port, url } = prometheus;
    await until('it serves', async () => (await fetch(`${url}/-/ready`)).ok);
    const answer = await fetch(`${url}/api/v1/query?query=vector(1)`);
    expect(await answer.json()).toMatchObject({ status: 'success' });
    expect(url).toBe(`http://127.0.0.1:${port}`);
  } finally {
    await prometheus.stop();
  }
});

test('promtool comes along', { timeout: 60_000 }, async () => {
  const { promtool } = await prometheusPrograms();
  const { stdout } = await promisify(execFile)(promtool, ['--version']);
  expect(stdout).toMatch(/^promtool, version \d/);
});
