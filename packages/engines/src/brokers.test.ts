import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startNats } from './nats.ts';
import { natsVersions } from './nats-program.ts';
import { startRabbitmq } from './rabbitmq.ts';
import type { ServerProcess } from './server-process.ts';
import { startSqs } from './sqs.ts';

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Starts, crashes, starts again and stops, listening only in between. */
async function lives(start: () => Promise<ServerProcess>): Promise<void> {
  const server = await start();
  try {
    expect(await accepts(server.port)).toBe(true);
    await server.kill();
    expect(await accepts(server.port)).toBe(false);
    await server.restart();
    expect(await accepts(server.port)).toBe(true);
  } finally {
    await server.stop();
  }
  expect(await accepts(server.port)).toBe(false);
}

const timeout = 300_000;

test('RabbitMQ starts, crashes, starts again and stops', { timeout }, () =>
  lives(() => startRabbitmq({ own: true })),
);

test.each(natsVersions())(
  'NATS %s starts, crashes, starts again and stops',
  { timeout },
  (version) => lives(() => startNats({ version })),
);

test('SQS starts, crashes, starts again and stops', { timeout }, () =>
  lives(() => startSqs({ own: true })),
);
