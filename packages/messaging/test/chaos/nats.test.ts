import { startNats } from '@twiceproof/engines';
import { test } from 'vitest';
import { openStream } from '../jetstream.ts';
import { surviveKills } from './chaos.ts';

test('NATS: no kill loses a message, and none repeats an effect without cause', async () => {
  const nats = await startNats({ own: true });
  const ackWaitMs = 2_000;
  try {
    const stream = await openStream(nats.url, ackWaitMs, { max_ack_pending: 60 });
    await surviveKills({
      client: 'nats',
      url: nats.url,
      queue: stream.name,
      workMs: 200,
      redeliveryMs: ackWaitMs,
      publish: (bodies) => Promise.all(bodies.map((body) => stream.publish(body))),
      left: stream.left,
    });
    await stream.close();
  } finally {
    await nats.stop();
  }
}, 300_000);
