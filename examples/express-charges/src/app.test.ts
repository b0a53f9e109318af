import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createIdempotency, type Idempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import {
  crashAt,
  deliverAtOnce,
  deliverTwice,
  effectsLedger,
  type StartHandler,
} from '@twiceproof/testing';
import { afterAll, expect, test } from 'vitest';
import { chargesApi, type Gateway } from './app.ts';

interface Charge {
  readonly key: string;
  readonly amount: number;
}

const charge: Charge = { key: 'order-17', amount: 1250 };

/** Starts the API, and answers what sends a request to it. */
async function serve(idempotency: Idempotency, gateway: Gateway) {
  const server = chargesApi(idempotency, gateway).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    async send({ key, amount }: Charge): Promise<string> {
      const response = await fetch(`http://127.0.0.1:${port}/v1/charges`, {
        method: 'POST',
        body: JSON.stringify({ amount, currency: 'eur' }),
        headers: {
          'content-type': 'application/json',
          authorization: 'Bearer sk_ada',
          'idempotency-key': key,
        },
      });
      return `${response.status} ${await response.text()}`;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

// The gateway knows a repeated request by the key that it is handed, as Stripe does.
const start: StartHandler<Charge> = async ({ idempotency, effect, onEnd }) => {
  const gateway = effect('charge', async (_amount: number, _key: string) => 'ch_1', {
    knownBy: (_amount, key) => key,
  });
  const { send, stop } = await serve(idempotency, gateway);
  onEnd(stop);
  return send;
};

test('a request that is sent again after 12 hours', async () => {
  await deliverTwice(start, charge, { after: '12h' });
});

test('ten copies of a request at once', async () => {
  await deliverAtOnce(10, start, charge);
});

test('a server that dies once the charge is made', async () => {
  await crashAt('charge', start, charge);
});

test('a server that dies before the charge is made', async () => {
  await crashAt('charge', start, charge, { when: 'before' });
});

test('a server with a gateway that knows no keys is told to be unsafe', async () => {
  const withoutKeys: StartHandler<Charge> = async ({ idempotency, effect, onEnd }) => {
    const { send, stop } = await serve(
      idempotency,
      effect('charge', async () => 'ch_1'),
    );
    onEnd(stop);
    return send;
  };
  const { isSafe, repeated } = await crashAt('charge', withoutKeys, charge, { unsafe: 'report' });
  expect({ isSafe, times: repeated.length }).toEqual({ isSafe: false, times: 1 });
});

// An API that is there already: a ledger records what its gateway did.
const ledger = effectsLedger();
const running = await serve(
  createIdempotency({ environment: 'test', store: memoryStore() }),
  ledger.effect('charge', async () => 'ch_1'),
);
afterAll(running.stop);

test('a request that is sent again to the same server', async () => {
  const report = await deliverTwice(() => running.send, charge, { ledger });
  expect(report.deliveries.map(({ value }) => value)).toEqual([
    '201 {"id":"ch_1","object":"charge","amount":1250,"currency":"eur"}',
    '201 {"id":"ch_1","object":"charge","amount":1250,"currency":"eur"}',
  ]);
});
