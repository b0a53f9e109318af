import { readFileSync } from 'node:fs';
import { context, metrics, trace } from '@opentelemetry/api';
import { createIdempotency } from '@twiceproof/core';
import { type ReceivedSpan, startReceiver } from '@twiceproof/engines/otlp';
import { memoryStore } from '@twiceproof/memory';
import { openTelemetry } from '@twiceproof/otel';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { otlpEnvironment, startTelemetry } from '../src/start-telemetry.ts';

interface LinkPattern {
  readonly type: string;
  readonly key: string;
  readonly text: string;
  readonly url: string;
}

const { linkPatterns } = JSON.parse(
  readFileSync(new URL('../jaeger/ui.json', import.meta.url), 'utf8'),
) as { linkPatterns: LinkPattern[] };
const [allCalls, console_, original, allReplays] = linkPatterns as [
  LinkPattern,
  LinkPattern,
  LinkPattern,
  LinkPattern,
];

const service = 'twiceproof-demo';
// Every character of ASCII that can stand in a name, and some beyond: what is special in URLs, JSON and templates too.
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join(
  '',
);
const names = [
  ['prod', 'fulfil-order'],
  [printable, printable],
  ['prod.eu', 'Größe 漢字 🚚'],
  ['#{idempotency.key}', '%2F"}&tags={"a":"b'],
] as const;

let spans: readonly ReceivedSpan[];
const ids: string[] = [];

beforeAll(async () => {
  const receiver = await startReceiver();
  for (const [name, value] of Object.entries(otlpEnvironment(receiver.url)))
    vi.stubEnv(name, value);
  const telemetry = await startTelemetry({ serviceName: service });
  for (const [environment, operation] of names) {
    const idempotency = createIdempotency({
      environment,
      store: memoryStore(),
      instrumentation: openTelemetry(),
    });
    const fulfil = idempotency.workflow(
      async (order: { id: string }, step) => step('charge', () => order.id),
      { operation, key: ({ id }) => id },
    );
    for (let delivery = 0; delivery < 3; delivery++) await fulfil({ id: '1' });
    await fulfil({ id: 'another' });
    await fulfil({ id: 'another' });
    ids.push(await fulfil.idOf({ id: '1' }));
  }
  await telemetry.stop();
  spans = receiver.spans();
  await receiver.stop();
});
afterAll(() => {
  vi.unstubAllEnvs();
  for (const api of [trace, metrics, context]) api.disable();
});

/** The address behind a link on a span, filled in as Jaeger does it. Undefined if the span has no such link. */
function linkOn(span: ReceivedSpan, { type, key, url }: LinkPattern): URL | undefined {
  expect(type).toBe('tags');
  if (span.attributes[key] === undefined) return undefined;
  const filled = url.replaceAll(/#\{([^}]+)\}/g, (_, name: string) => {
    const value = name === 'trace.traceID' ? span.traceId : span.attributes[name];
    if (value === undefined) throw new Error(`${span.name} has no ${name}`);
    return encodeURIComponent(String(value));
  });
  return new URL(filled, 'http://jaeger:16686');
}

/** What Jaeger's search finds: spans of the service with all the tags. */
function found({ pathname, searchParams }: URL): readonly ReceivedSpan[] {
  expect(pathname).toBe('/search');
  expect([...searchParams.keys()].sort()).toEqual(['limit', 'lookback', 'service', 'tags']);
  expect(searchParams.get('service')).toBe(service);
  const tags = Object.entries(JSON.parse(searchParams.get('tags')!) as Record<string, string>);
  return spans.filter(({ attributes }) =>
    tags.every(([name, value]) => String(attributes[name]) === value),
  );
}

/** The span that is looked at after a link to a trace. */
function opened({ pathname, searchParams }: URL): ReceivedSpan {
  const [, traceId] = /^\/trace\/([0-9a-f]{32})$/.exec(pathname)!;
  const [span, ...others] = spans.filter(
    (each) => each.traceId === traceId && each.spanId === searchParams.get('uiFind'),
  );
  expect(others).toEqual([]);
  return span!;
}

test('the names together have every character that an id can have', () => {
  const characters = [
    ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()%/",
  ];
  expect(characters.filter((each) => !ids.join('').includes(each))).toEqual([]);
  expect([...new Set(ids.join(''))].filter((each) => !characters.includes(each))).toEqual([]);
});

describe.each(names.map(([, operation], index) => ({ operation, index })))(
  'the order of $operation',
  ({ operation, index }) => {
    const named = (verb: string): readonly ReceivedSpan[] =>
      spans.filter(
        ({ name, attributes }) =>
          name === `${verb} ${operation}` && attributes['idempotency.key'] === ids[index],
      );

    test('two clicks lead from its record id to the original, two more to all its replays', () => {
      const [executed] = named('execute');
      // Found by its id: one click opens a replay, the other is on its link.
      const replay = found(linkOn(executed!, allCalls)!).find(({ name }) =>
        name.startsWith('replay '),
      )!;
      const run = opened(linkOn(replay, original)!);
      expect(run).toMatchObject({ name: `run ${operation}`, parentSpanId: executed!.spanId });
      // One opens its attributes, the other is on the link there.
      const replays = found(linkOn(run, allReplays)!);
      expect(replays.map(({ spanId }) => spanId)).toEqual(
        named('replay').map(({ spanId }) => spanId),
      );
      expect(replays).toHaveLength(2);
    });

    test('all calls of its key are found from each of them', () => {
      const calls = [...named('execute'), ...named('replay')];
      for (const call of calls)
        expect(found(linkOn(call, allCalls)!)).toEqual(expect.arrayContaining(calls));
      expect(found(linkOn(calls[0]!, allCalls)!)).toHaveLength(3);
    });

    test('one click leads to its record in the console', () => {
      for (const call of [...named('execute'), ...named('replay')]) {
        const { pathname, searchParams } = linkOn(call, console_)!;
        expect(pathname).toBe('/');
        expect([...searchParams]).toEqual([['record', ids[index]]]);
      }
    });

    test('only what was replayed links to an original, and only what ran links to replays', () => {
      const [executed] = named('execute');
      expect(linkOn(executed!, original)).toBeUndefined();
      expect(linkOn(executed!, allReplays)).toBeUndefined();
      for (const replay of named('replay')) expect(linkOn(replay, allReplays)).toBeUndefined();
    });
  },
);
