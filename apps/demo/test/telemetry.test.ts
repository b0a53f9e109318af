import { type ReceivedSpan, type Receiver, startReceiver } from '@twiceproof/engines/otlp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Ended, onSqlite, runDemo, tableOf } from './demo-process.ts';
import { ordersInput } from './orders-input.ts';

async function newArgs(): Promise<string[]> {
  const input = await ordersInput(4);
  const { args } = await onSqlite();
  return [...args, '--input', input, '--key', 'detail.orderId', '--workers', '2'];
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

/** Counts of the spans of calls by their names, as a rate by span name is made of. */
function byName(spans: readonly ReceivedSpan[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name } of spans) {
    if (/^(execute|replay|refuse) /.test(name)) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** The same counts, from the table that the demo prints. */
function byNameInTable(ended: Ended): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [row, { executed, failed, replayed, conflicts }] of Object.entries(tableOf(ended))) {
    const operation = row === 'order' ? 'fulfil-order' : `fulfil-order.${row}`;
    const told = { execute: executed + failed, replay: replayed, refuse: conflicts };
    for (const [verb, count] of Object.entries(told)) {
      if (count > 0) counts[`${verb} ${operation}`] = count;
    }
  }
  return counts;
}

async function newReceiver(): Promise<Receiver> {
  const receiver = await startReceiver();
  onTestFinished(() => receiver.stop());
  return receiver;
}

describe.each([
  ['a run without faults', []],
  ['a run with a step that fails', ['--fail', 'ship']],
])('%s', (_, more) => {
  test('has as many spans of each name as its table has calls', async () => {
    const receiver = await newReceiver();
    const ended = await runDemo(...(await newArgs()), '--otlp', receiver.url, ...more);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(byName(receiver.spans())).toEqual(byNameInTable(ended));
    expect([...receiver.metrics().keys()]).toContain('idempotency.executions');
  });
});

test('a run without faults has no span with an error, its duplicates that came early included', async () => {
  const receiver = await newReceiver();
  const args = ['--store', 'memory', '--workers', '8', '--otlp', receiver.url];
  const ended = await runDemo(...(await newArgs()), ...args);
  expect(tableOf(ended).order!.conflicts).toBeGreaterThan(0);
  expect(new Set(receiver.spans().map(({ status }) => status))).toEqual(
    new Set(['STATUS_CODE_UNSET']),
  );
});

test('--otlp says what it sent where, and what to search for', async () => {
  const receiver = await newReceiver();
  const ended = await runDemo(...(await newArgs()), '--otlp', receiver.url);
  const { stdout } = ended;
  expect(stdout, 'they are not here').not.toContain('in its spans');
  const spans = receiver.spans();
  expect(stdout).toContain(
    `✓ ${spans.length} spans sent to ${receiver.url}, service twiceproof-demo\n`,
  );
  const [, key] = /one order, executed and replayed; its tag: idempotency\.key="(.+)"\n/.exec(
    stdout,
  )!;
  const found = spans.filter(({ attributes }) => attributes['idempotency.key'] === key);
  const outcomes = found.map(({ attributes }) => attributes['idempotency.outcome']);
  expect(outcomes).toEqual(expect.arrayContaining(['executed', 'replayed']));
  const [, names] = /operations: (.+), and those of its steps\n/.exec(stdout)!;
  const ofOrders = Object.keys(byName(spans)).filter((name) => name.endsWith(' fulfil-order'));
  expect(names!.split(', ')).toEqual(ofOrders.sort());
});

test('a collector that is not there is named, and changes nothing', async () => {
  const ended = await runDemo(...(await newArgs()), '--otlp', 'http://127.0.0.1:1');
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(tableOf(ended).order).toMatchObject({ executed: 4, replayed: 4, duplicates: 0 });
  expect(ended.stdout).toMatch(
    /! no collector at http:\/\/127\.0\.0\.1:1 took any of the \d+ spans: is it there\?\n/,
  );
});
