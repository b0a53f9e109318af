import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { newState, runDemo, tableOf } from './demo-process.ts';
import { ordersInput } from './orders-input.ts';

async function newArgs(): Promise<string[]> {
  const input = await ordersInput(4);
  const state = await newState();
  return ['--state', state, '--input', input, '--key', 'detail.orderId', '--workers', '2'];
}

test('one order is shown in the spans of its execution and of a replay', async () => {
  const ended = await runDemo(...(await newArgs()));
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const { stdout } = ended;
  const traces = [...stdout.matchAll(/^ +trace ([0-9a-f]{32})$/gm)].map(([, id]) => id!);
  expect(new Set(traces).size).toBe(2);
  expect(stdout).toMatch(/─ .*charge.* ms +executed/);
  expect(stdout).toContain(`replayed  of trace ${traces[0]}`);
});

test('--otlp sends the spans and metrics to the collector at that URL', async () => {
  const paths = new Set<string>();
  const server = createServer((request, response) => {
    paths.add(request.url!);
    request.resume().on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ended = await runDemo(...(await newArgs()), '--otlp', `http://127.0.0.1:${port}`);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect([...paths].sort()).toEqual(['/v1/metrics', '/v1/traces']);
  expect(ended.stdout, 'they are not here').not.toContain('in its spans');
});

test('a collector that is not there changes nothing', async () => {
  const ended = await runDemo(...(await newArgs()), '--otlp', 'http://127.0.0.1:1');
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(tableOf(ended).order).toMatchObject({ executed: 4, replayed: 4, duplicates: 0 });
});
