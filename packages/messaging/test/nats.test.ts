import { type JsMsg, jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { type NatsEngine, natsVersions, startNats, startProxy } from '@twiceproof/engines';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { onMessage } from '../src/nats/index.ts';
import type { Verdict } from '../src/verdict.ts';
import { deployed } from './deployed.ts';
import { begunElsewhere } from './elsewhere.ts';
import { openStream, type Stream } from './jetstream.ts';

const ackWaitMs = 2_000;
const key = (message: JsMsg): string => message.json<{ id: string }>().id;
const options = { operation: 'charge', key };
const body = { id: 'pay-1', amount: 12 };

describe.each(natsVersions())('NATS %s', (version) => {
  let nats: NatsEngine;
  let stream: Stream;

  beforeAll(async () => {
    nats = await startNats({ version });
  }, 180_000);
  afterAll(() => nats.stop());
  beforeEach(async () => {
    stream = await openStream(nats.url, ackWaitMs);
  });
  afterEach(() => stream.close());

  /** Consumes with a callback, and collects the verdicts. */
  async function consuming(take: (message: JsMsg) => Promise<Verdict>): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    await stream.consumer.consume({
      callback: (message) => {
        void take(message).then((verdict) => verdicts.push(verdict));
      },
    });
    return verdicts;
  }

  test('a message that is published twice has its effect once, and is done with', async () => {
    const handler = vi.fn(async (_: JsMsg) => 'charged');
    const consume = onMessage(deployed({ lease: '1s' }).idempotency, options, handler);
    const verdicts = await consuming(consume);
    await stream.publish(body);
    await vi.waitFor(() => expect(verdicts).toHaveLength(1), 20_000);
    await stream.publish(body);
    await vi.waitFor(() => expect(verdicts).toHaveLength(2), 20_000);
    expect(verdicts).toEqual([
      { do: 'ack', outcome: 'executed', value: 'charged' },
      { do: 'ack', outcome: 'replayed', value: 'charged' },
    ]);
    expect(handler).toHaveBeenCalledOnce();
    // Acknowledged for good: the server has said so.
    expect(await stream.left()).toBe(0);
  });

  test('it is a callback of consume as it stands, and can be awaited in an iteration', async () => {
    const keyed = vi.fn(key);
    const handler = vi.fn(async (_: JsMsg) => 'charged');
    const { idempotency } = deployed();
    const consume = onMessage(idempotency, { operation: 'charge', key: keyed }, handler);
    await stream.publish(body);
    const messages = await stream.consumer.consume({ callback: consume });
    await vi.waitFor(async () => expect(await stream.left()).toBe(0), 20_000);
    messages.stop();
    expect(handler).toHaveBeenCalledExactlyOnceWith(keyed.mock.calls[0]![0]);

    await stream.publish(body);
    for await (const message of await stream.consumer.consume()) {
      expect(await consume(message)).toMatchObject({ do: 'ack', outcome: 'replayed' });
      break;
    }
    expect(await stream.left()).toBe(0);
  });

  test('a handler that throws gets its message again after a pause, not in a hot loop', async () => {
    const times: number[] = [];
    const consume = onMessage(deployed().idempotency, options, async () => {
      times.push(performance.now());
      if (times.length < 3) throw new Error('gateway down');
    });
    const verdicts = await consuming(consume);
    await stream.publish(body);
    await vi.waitFor(() => expect(verdicts).toHaveLength(3), 20_000);
    expect(verdicts.map((each) => each.do)).toEqual(['retry', 'retry', 'ack']);
    expect(times[1]! - times[0]!).toBeGreaterThan(900);
    expect(times[2]! - times[1]!).toBeGreaterThan(900);
  });

  test('work in progress elsewhere is asked for again when that may be done', async () => {
    const { idempotency, finish } = await begunElsewhere(
      { lease: '2s' },
      { operation: 'charge', key: body.id },
    );
    const verdicts = await consuming(onMessage(idempotency, options, async () => 'mine'));
    await stream.publish(body);
    await vi.waitFor(() => expect(verdicts).not.toHaveLength(0), 20_000);
    await finish('theirs');
    await vi.waitFor(() => expect(verdicts.at(-1)!.do).toBe('ack'), 20_000);
    expect(verdicts[0]).toMatchObject({ do: 'retry', outcome: 'in_progress' });
    expect(verdicts.at(-1)).toEqual({ do: 'ack', outcome: 'replayed', value: 'theirs' });
  });

  test('what would end no better is terminated, with a reason where the server takes one', async () => {
    const handler = vi.fn(async () => 'charged');
    const reasons: unknown[] = [];
    stream.connection.subscribe(
      `$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.${stream.name}.charge`,
      { callback: (_, advisory) => void reasons.push(advisory.json<{ reason?: string }>().reason) },
    );
    const keyless = (message: JsMsg): string | undefined => message.json<{ id?: string }>().id;
    const consume = onMessage(
      deployed().idempotency,
      { operation: 'charge', key: keyless },
      handler,
    );
    const verdicts = await consuming(consume);
    for (const hostile of ['not { json', '', '{}', '[]', '\u0000']) await stream.publish(hostile);
    await vi.waitFor(() => expect(reasons).toHaveLength(5), 20_000);
    expect(verdicts.map((each) => each.do)).toEqual(Array(5).fill('reject'));
    expect(await stream.left()).toBe(0);
    expect(handler).not.toHaveBeenCalled();
    const said = reasons.filter((reason) => reason !== undefined);
    expect(said).toHaveLength(version === '2.9' ? 0 : 5);
    if (version !== '2.9') expect(said).toContainEqual(expect.stringContaining('KEY_MISSING'));
  });

  test('work that takes longer than ack_wait keeps its message while it holds its lease', async () => {
    const { idempotency } = deployed({ lease: '1s' });
    const finish = Promise.withResolvers<void>();
    const verdicts = await consuming(
      onMessage(idempotency, options, async () => {
        await finish.promise;
      }),
    );
    await stream.publish(body);
    // Longer than ack_wait, by the server's own clock: it has noted no second delivery.
    const end = performance.now() + 2.5 * ackWaitMs;
    while (performance.now() < end) {
      const info = await stream.manager.consumers.info(stream.name, 'charge');
      expect(info.num_redelivered).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    finish.resolve();
    await vi.waitFor(() => expect(verdicts).toHaveLength(1), 20_000);
    expect(verdicts[0]).toMatchObject({ do: 'ack', outcome: 'executed' });
  });

  test('work that is stuck and has lost its lease loses its message, and another ends it', async () => {
    const { idempotency } = deployed({ lease: '1s', heartbeat: false });
    let calls = 0;
    const stuck = new Promise<never>(() => {});
    const verdicts = await consuming(
      onMessage(idempotency, options, async () => {
        calls += 1;
        if (calls === 1) await stuck;
        return 'charged';
      }),
    );
    await stream.publish(body);
    await vi.waitFor(() => expect(verdicts).toHaveLength(1), 20_000);
    expect(verdicts[0]).toMatchObject({ do: 'ack', value: 'charged' });
    expect(calls).toBe(2);
    await vi.waitFor(async () => expect(await stream.left()).toBe(0), 20_000);
  });

  test('a connection that is lost in mid-work loses nothing, and is no unhandled rejection', async () => {
    const proxy = await startProxy({ target: nats.url });
    const { idempotency } = deployed();
    const handler = vi.fn(async (_: JsMsg) => 'charged');
    const cut = await connect({ servers: `127.0.0.1:${proxy.port}`, reconnect: false });
    try {
      const lost = await jetstream(cut).consumers.get(stream.name, 'charge');
      const verdict = Promise.withResolvers<Verdict>();
      const consume = onMessage(idempotency, options, async (message: JsMsg) => {
        await proxy.stop();
        await cut.closed();
        return handler(message);
      });
      await lost.consume({ callback: (message) => verdict.resolve(consume(message)) });
      await stream.publish(body);
      expect(await verdict.promise).toMatchObject({ do: 'ack', outcome: 'executed' });
      const again = await consuming(onMessage(idempotency, options, handler));
      await vi.waitFor(() => expect(again).not.toHaveLength(0), 20_000);
      await vi.waitFor(async () => expect(await stream.left()).toBe(0), 20_000);
      for (const each of again) {
        expect(each).toEqual({ do: 'ack', outcome: 'replayed', value: 'charged' });
      }
      expect(handler).toHaveBeenCalledOnce();
    } finally {
      await cut.close();
      await proxy.stop();
    }
  });
});

test('a consumer without a key is refused when it is made', () => {
  const make = (): unknown =>
    onMessage(deployed().idempotency, { operation: 'charge' } as never, async () => {});
  expect(make).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
});
