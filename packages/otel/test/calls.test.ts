import type { ReceivedMetric, ReceivedSpan } from '@twiceproof/engines/otlp';
import { type Receiver, startReceiver } from '@twiceproof/engines/otlp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { version } from '../src/version.ts';
import type { Wiring } from './programs/telemetry.ts';
import { runProgram } from './run-program.ts';
import { sdkLines } from './sdk-lines.ts';
import { traceOutline } from './trace-outline.ts';

const program = new URL('./programs/calls.ts', import.meta.url);

interface Report {
  readonly ids: Readonly<Record<'charge', string>>;
  readonly endings: Readonly<Record<string, string>>;
}

/** Whether a span is that of a call, which is named by what came of it. */
const isCall = (name: string): boolean => /^(execute|replay|refuse) /.test(name);

const wirings: readonly Wiring[] = ['option', 'instrumentation'];
const programs = sdkLines.flatMap(([line, nodeArgs]) =>
  wirings.map((wiring) => ({ line, nodeArgs, wiring })),
);
const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const bytes = [64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304];

describe.each(programs)('$line, wired by $wiring', ({ nodeArgs, wiring }) => {
  let receiver: Receiver;
  let report: Report;
  let spans: ReceivedSpan[];
  let metrics: Map<string, ReceivedMetric>;

  beforeAll(async () => {
    receiver = await startReceiver();
    report = await runProgram(program, { nodeArgs, args: [wiring], otlpUrl: receiver.url });
    spans = receiver.spans();
    metrics = receiver.metrics();
  });
  afterAll(() => receiver?.stop());

  const named = (name: string): ReceivedSpan[] => spans.filter((span) => span.name === name);
  const ended = (name: string, outcome: string): ReceivedSpan => {
    const found = named(name).filter((span) => span.attributes['idempotency.outcome'] === outcome);
    expect(found, `${name}: ${outcome}`).toHaveLength(1);
    return found[0]!;
  };
  const outlineOf = ({ traceId }: ReceivedSpan): string[] => traceOutline(spans, traceId);
  const total = (name: string, attributes: Readonly<Record<string, unknown>>): number => {
    const points = metrics.get(name)?.points ?? [];
    const matching = points.filter((point) =>
      Object.entries(attributes).every(([key, value]) => point.attributes[key] === value),
    );
    return matching.reduce((sum, { value, count }) => sum + value + count, 0);
  };

  test('the program saw what it would see without telemetry', () => {
    expect(report.endings).toEqual({
      failed: 'PLANTED-MESSAGE',
      recorded: 'PLANTED-MESSAGE',
      replayedError: 'PLANTED-MESSAGE',
      inProgress: 'IN_PROGRESS',
      impatient: 'IN_PROGRESS',
      mismatch: 'FINGERPRINT_MISMATCH',
      held: 'HELD',
      leaseLost: 'LEASE_LOST',
      storeError: 'STORE_UNAVAILABLE',
      keyMissing: 'KEY_MISSING',
      unknown: 'nobody knows whether the effect happened: PLANTED-MESSAGE',
      timedOut: 'TIMED_OUT',
      workflow: 'PLANTED-MESSAGE',
    });
  });

  test('an execution is a tree, in which the spans of the function are children of run', () => {
    expect(outlineOf(named('first delivery')[0]!)).toEqual([
      'first delivery',
      '  execute charge: executed',
      '    acquire memory: acquired',
      '    run charge',
      '      call the gateway',
      '    complete memory: done',
    ]);
  });

  test('a replay is a call without run, linked to the run span of the original', () => {
    const [original] = named('run charge');
    const replay = ended('replay charge', 'replayed');
    expect(outlineOf(replay)).toEqual([
      'second delivery',
      '  replay charge: replayed',
      '    acquire memory: existing',
    ]);
    expect(replay.links).toMatchObject([{ traceId: original!.traceId, spanId: original!.spanId }]);
    expect(replay.attributes).toEqual({
      'idempotency.operation.name': 'charge',
      'idempotency.key': report.ids.charge,
      'idempotency.run': 0,
      'idempotency.environment': 'test',
      'idempotency.scope': 'tenant-1',
      'idempotency.store.name': 'memory',
      'idempotency.outcome': 'replayed',
      'idempotency.original.trace_id': original!.traceId,
      'idempotency.original.span_id': original!.spanId,
    });
  });

  test('a search for the key finds the execution and its replays', () => {
    const found = spans.filter(
      ({ name, attributes }) => isCall(name) && attributes['idempotency.key'] === report.ids.charge,
    );
    const outcomes = found.map(({ attributes }) => attributes['idempotency.outcome']);
    expect(outcomes).toEqual(['executed', 'replayed']);
  });

  test('an intentional run has its own key', () => {
    const [, secondRun] = named('execute charge');
    expect(secondRun!.attributes['idempotency.run']).toBe(1);
    expect(secondRun!.attributes['idempotency.key']).not.toBe(report.ids.charge);
  });

  test('the run span tells attempt and fence', () => {
    expect(named('run charge')[0]!.attributes).toEqual({
      'idempotency.attempt': 1,
      'idempotency.fence': expect.any(Number),
    });
    const attempts = named('run overtaken').map(({ attributes }) => attributes);
    expect(attempts.map((each) => each['idempotency.attempt']).sort()).toEqual([1, 2]);
  });

  test('a restarted workflow shows which steps were replayed and which executed', () => {
    expect(outlineOf(ended('execute fulfil', 'executed'))).toEqual([
      'execute fulfil: executed',
      '  acquire memory: acquired',
      '  run fulfil',
      '    replay fulfil.charge: replayed',
      '      acquire memory: existing',
      '    execute fulfil.ship: executed',
      '      acquire memory: acquired',
      '      run fulfil.ship',
      '      complete memory: done',
      '  complete memory: done',
    ]);
    const [firstCharge] = named('run fulfil.charge');
    const { traceId, spanId } = firstCharge!;
    expect(firstCharge!.traceId).toBe(ended('execute fulfil', 'failed').traceId);
    expect(ended('replay fulfil.charge', 'replayed').links).toMatchObject([{ traceId, spanId }]);
  });

  test.each([
    ['execute failing', 'failed', 'CardDeclined'],
    ['execute recorded', 'failed', 'CardDeclined'],
    ['replay recorded', 'replayed_error', 'CardDeclined'],
    ['refuse matching', 'mismatch', 'FINGERPRINT_MISMATCH'],
    ['refuse holding', 'held', 'HELD'],
    ['execute overtaken', 'lease_lost', 'LEASE_LOST'],
    ['execute unlucky', 'store_error', 'STORE_UNAVAILABLE'],
    ['execute keyless', 'failed', 'KEY_MISSING'],
    ['execute doubtful', 'unknown', 'OutcomeUnknownError'],
    ['execute endless', 'timed_out', 'TIMED_OUT'],
  ])('%s: %s is an error of type %s', (name, outcome, errorType) => {
    const span = ended(name, outcome);
    expect(span.status).toBe('STATUS_CODE_ERROR');
    expect(span.attributes['error.type']).toBe(errorType);
  });

  test('waiting is a span, with what it was good for', () => {
    const waits = named('wait slow').map(({ attributes }) => attributes['idempotency.outcome']);
    expect(new Set(waits)).toEqual(new Set(['in_progress', 'replayed']));
    const patient = ended('replay slow', 'replayed');
    expect(outlineOf(patient)).toEqual(['replay slow: replayed', '  wait slow: replayed']);
    expect(patient.links).toMatchObject([{ spanId: named('run slow')[0]!.spanId }]);
  });

  test('leases are renewed outside of the call whose lease it is', () => {
    const [renewal] = named('renew memory');
    expect(renewal!.parentSpanId).toBe('');
    const [call] = named('execute beating');
    expect(renewal!.attributes['idempotency.key']).toBe(call!.attributes['idempotency.key']);
  });

  test('a call without idempotency is bypassed', () => {
    expect(outlineOf(ended('execute free', 'bypassed'))).toEqual([
      'execute free: bypassed',
      '  run free',
    ]);
  });

  test('all spans are internal and belong to this package', () => {
    const own = spans.filter(({ name }) => !/delivery|gateway/.test(name));
    const scopes = own.map(({ kind, scope }) => `${kind} ${scope}`);
    expect(new Set(scopes)).toEqual(new Set([`SPAN_KIND_INTERNAL @twiceproof/otel@${version}`]));
  });

  test('every metric has its type and unit, and histograms have their buckets', () => {
    const own = [...metrics].filter(([name]) => name.startsWith('idempotency.'));
    const described = own.map(([name, { kind, unit, scope, points }]) => {
      const bounds = new Set(points.map((point) => JSON.stringify(point.bounds)));
      return [name, kind, unit, scope, [...bounds].map((each) => JSON.parse(each))];
    });
    const scope = `@twiceproof/otel@${version}`;
    expect(described.sort()).toEqual([
      ['idempotency.execution.active', 'up-down counter', '{execution}', scope, [[]]],
      ['idempotency.execution.duration', 'histogram', 's', scope, [seconds]],
      ['idempotency.executions', 'counter', '{execution}', scope, [[]]],
      ['idempotency.lease.losses', 'counter', '{lease}', scope, [[]]],
      ['idempotency.result.size', 'histogram', 'By', scope, [bytes]],
      ['idempotency.store.operation.duration', 'histogram', 's', scope, [seconds]],
      ['idempotency.tier.lookups', 'counter', '{lookup}', scope, [[]]],
      ['idempotency.wait.duration', 'histogram', 's', scope, [seconds]],
    ]);
  });

  test('every call that ended is counted once, by outcome, error, store and key', () => {
    const calls = spans.filter(({ name }) => isCall(name));
    expect(total('idempotency.executions', {})).toBe(calls.length);
    expect(total('idempotency.execution.duration', {})).toBe(calls.length);
    for (const { attributes } of calls) {
      const { ...series } = attributes;
      const names = ['operation.name', 'store.name', 'outcome', 'key'].map(
        (n) => `idempotency.${n}`,
      );
      const wanted = [...names, 'error.type'].map((name) => [name, series[name]]);
      const found = metrics
        .get('idempotency.executions')!
        .points.filter((point) =>
          wanted.every(([name, value]) => point.attributes[String(name)] === value),
        );
      expect(found, JSON.stringify(wanted)).toHaveLength(1);
      expect(Object.keys(found[0]!.attributes)).toHaveLength(
        wanted.filter(([, value]) => value !== undefined).length,
      );
    }
  });

  test('the duration of calls knows operation, outcome and store', () => {
    const { points } = metrics.get('idempotency.execution.duration')!;
    const replays = points.find(
      ({ attributes }) =>
        attributes['idempotency.operation.name'] === 'charge' &&
        attributes['idempotency.outcome'] === 'replayed',
    );
    expect(replays!.attributes).toEqual({
      'idempotency.operation.name': 'charge',
      'idempotency.outcome': 'replayed',
      'idempotency.store.name': 'memory',
    });
    // It is measured within the span, whose times have another clock.
    const span = ended('replay charge', 'replayed');
    const nanoseconds = BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano);
    expect(replays!.sum).toBeGreaterThan(0);
    expect(replays!.sum).toBeLessThanOrEqual(Number(nanoseconds) / 1e9 + 0.001);
  });

  test('a call that never ended is still active', () => {
    const active = metrics.get('idempotency.execution.active')!.points;
    const open = active.filter(({ value }) => value !== 0);
    expect(open).toMatchObject([
      {
        attributes: { 'idempotency.operation.name': 'holding', 'idempotency.store.name': 'memory' },
        value: 1,
      },
    ]);
  });

  test('lost leases, waiting, sizes of results and look-ups in fast tiers are measured', () => {
    const losses = { 'idempotency.operation.name': 'overtaken' };
    expect(total('idempotency.lease.losses', losses)).toBe(1);
    const calm = { 'idempotency.operation.name': 'charge' };
    expect(metrics.get('idempotency.lease.losses')!.points).toContainEqual(
      expect.objectContaining({ attributes: calm, value: 0 }),
    );
    const waits = { 'idempotency.operation.name': 'slow', 'idempotency.outcome': 'replayed' };
    expect(total('idempotency.wait.duration', waits)).toBe(1);
    const results = { 'idempotency.operation.name': 'charge' };
    expect(total('idempotency.result.size', results)).toBe(2);
    for (const hit of [false, true]) {
      const lookups = { 'idempotency.store.name': 'fast', 'idempotency.hit': hit };
      expect(total('idempotency.tier.lookups', lookups)).toBe(1);
    }
  });

  test('requests to the store are measured by store, operation and outcome', () => {
    const own = spans.filter(({ name }) => /^(acquire|renew|complete|release) /.test(name));
    expect(total('idempotency.store.operation.duration', {})).toBe(own.length);
    for (const { attributes } of own) {
      const { 'idempotency.key': _key, 'error.type': _type, ...series } = attributes;
      const points = metrics.get('idempotency.store.operation.duration')!.points;
      expect(points.map((point) => point.attributes)).toContainEqual(series);
    }
  });

  test('nothing of input, result, error message or readable key leaves the process', () => {
    expect(receiver.bodies.length).toBeGreaterThan(1);
    const sent = Buffer.concat(receiver.bodies);
    expect(sent.includes(report.ids.charge)).toBe(true);
    expect(sent.includes('PLANTED')).toBe(false);
  });
});
