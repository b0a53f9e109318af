import type { ReceivedSpan } from '@twiceproof/engines/otlp';
import { type Receiver, startReceiver } from '@twiceproof/engines/otlp';
import { afterEach, expect, test } from 'vitest';
import { telemetryKey } from '../src/index.ts';
import { runProgram } from './run-program.ts';

const program = new URL('./programs/options.ts', import.meta.url);

interface Report {
  readonly endings: readonly string[];
  readonly ids: readonly [string, string];
}

let receiver: Receiver | undefined;
afterEach(() => receiver?.stop());

async function run(name: string) {
  receiver = await startReceiver();
  const report = await runProgram<Report>(program, { args: [name], otlpUrl: receiver.url });
  expect(report.endings).toEqual(['fulfilled', 'fulfilled', 'declined']);
  const spans = receiver.spans();
  const executions = receiver.metrics().get('idempotency.executions')!.points;
  const labels = executions.map(({ attributes, value }) => [attributes['idempotency.key'], value]);
  return { ...report, spans, labels };
}

const attributes = (spans: readonly ReceivedSpan[], name: string) =>
  spans.filter((span) => span.name === name).map((span) => span.attributes);

test('by default the key label is the record id, and there are neither key parts nor store spans', async () => {
  const { ids, spans, labels } = await run('defaults');
  expect(labels.slice(0, 2)).toEqual([
    [ids[0], 1],
    [ids[1], 1],
  ]);
  expect(new Set(spans.map(({ name }) => name))).toEqual(new Set(['execute charge', 'run charge']));
  expect(attributes(spans, 'execute charge')[0]).not.toHaveProperty('idempotency.key.parts');
});

test('keyLabel.max bounds the keys of a process, the others are counted as _OTHER', async () => {
  const { ids, labels } = await run('keyLabel: max');
  expect(labels).toEqual([
    [ids[0], 1],
    [ids[1], 1],
    ['_OTHER', 1],
  ]);
});

test("keyLabel 'off' counts without a key", async () => {
  const { labels } = await run('keyLabel: off');
  expect(labels).toEqual([
    [undefined, 2],
    [undefined, 1],
  ]);
});

test('keyLabel as a function chooses the label', async () => {
  const { labels } = await run('keyLabel: function');
  expect(labels).toEqual([
    ['tenant-1', 2],
    ['tenant-1', 1],
  ]);
});

test('a keyLabel that throws costs the label and nothing else', async () => {
  const { labels } = await run('keyLabel: throws');
  expect(labels).toEqual([
    [undefined, 2],
    [undefined, 1],
  ]);
});

test('keyParts shows the readable key', async () => {
  const { spans } = await run('keyParts');
  const parts = attributes(spans, 'execute charge').map((each) => each['idempotency.key.parts']);
  expect(parts).toEqual(['order-1', 'order-2', 'order-3']);
});

test('keySecret hides the record id from who knows telemetry alone', async () => {
  const { ids, spans, labels } = await run('keySecret');
  const keys = attributes(spans, 'execute charge').map((each) => each['idempotency.key']);
  expect(keys.slice(0, 2)).toEqual(ids.map((id) => telemetryKey(id, 'secret')));
  expect(labels.map(([label]) => label)).toEqual(keys);
  const sent = Buffer.concat(receiver!.bodies);
  expect(ids.some((id) => sent.includes(id.slice(id.lastIndexOf('/') + 1)))).toBe(false);
});

test("the operation's attributes are on the execute span alone, and replace none of ours", async () => {
  const { spans } = await run('defaults');
  const [executed, unattributed] = attributes(spans, 'execute charge');
  expect(executed).toMatchObject({ 'http.route': '/orders/:id', 'idempotency.run': 0 });
  expect(attributes(spans, 'run charge')[0]).not.toHaveProperty('http.route');
  // Those of the second call throw, which costs them and nothing else.
  expect(unattributed).not.toHaveProperty('http.route');
  expect(unattributed).toMatchObject({ 'idempotency.outcome': 'executed' });
});

test('spanAttributes adds attributes to execute and run, and replaces none of ours', async () => {
  const { spans } = await run('spanAttributes');
  const executed = attributes(spans, 'execute charge')[0];
  expect(executed).toMatchObject({ 'order.id': 'order-1', 'order.outcome': 'executed' });
  expect(executed).toMatchObject({ 'idempotency.run': 0 });
  expect(attributes(spans, 'run charge')[1]).toMatchObject({ 'order.id': 'order-2' });
});

test('spanAttributes that throws costs these attributes and nothing else', async () => {
  const { ids, spans } = await run('spanAttributes: throws');
  expect(attributes(spans, 'execute charge')[0]).toMatchObject({ 'idempotency.key': ids[0] });
  expect(attributes(spans, 'run charge')).toHaveLength(3);
});
