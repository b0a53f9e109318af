import '@shopify/shopify-api/adapters/web-api';
import { createHmac } from 'node:crypto';
import { sign as signGithub } from '@octokit/webhooks-methods';
import { ApiVersion, LogSeverity, shopifyApi } from '@shopify/shopify-api';
import { createIdempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { describe, expect, test, vi } from 'vitest';
import { github } from '../src/webhooks/github.ts';
import { type WebhookSource, webhook } from '../src/webhooks/index.ts';
import { shopify } from '../src/webhooks/shopify.ts';
import { slack } from '../src/webhooks/slack.ts';
import { standard } from '../src/webhooks/standard.ts';
import { stripe } from '../src/webhooks/stripe.ts';

interface Delivery {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Preset {
  readonly source: WebhookSource<unknown>;
  /** A delivery of the event with this number; `attempt` is what changes from one to the next. */
  deliver(number: number, attempt?: number): Promise<Delivery>;
}

const hmac = (secret: string, text: string, encoding: 'hex' | 'base64') =>
  createHmac('sha256', secret).update(text).digest(encoding);
const seconds = () => Math.floor(Date.now() / 1_000);

const standardSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const stripeClient = new Stripe('sk_test_1');
const api = shopifyApi({
  apiKey: 'key',
  apiSecretKey: 'shopify secret',
  hostName: 'app.example.com',
  apiVersion: Object.values(ApiVersion).at(-1) as ApiVersion,
  isEmbeddedApp: false,
  isCustomStoreApp: false,
  logger: { level: LogSeverity.Error },
} as never);

const presets: Readonly<Record<string, Preset>> = {
  standard: {
    source: standard({ secret: standardSecret }) as WebhookSource<unknown>,
    async deliver(number) {
      const body = `{"type":"invoice.paid","data":{"number":${number}}}`;
      const id = `msg_${number}`;
      const at = new Date();
      return {
        body,
        headers: {
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          'webhook-signature': new Webhook(standardSecret).sign(id, at, body),
        },
      };
    },
  },
  stripe: {
    source: stripe({ stripe: stripeClient, secret: 'whsec_stripe' }) as WebhookSource<unknown>,
    async deliver(number) {
      const body = JSON.stringify({
        id: `evt_${number}`,
        object: 'event',
        type: 'charge.succeeded',
      });
      const signature = stripeClient.webhooks.generateTestHeaderString({
        payload: body,
        secret: 'whsec_stripe',
      });
      return { body, headers: { 'stripe-signature': signature } };
    },
  },
  github: {
    source: github({ secret: 'github secret' }) as WebhookSource<unknown>,
    async deliver(number) {
      const body = JSON.stringify({ action: 'opened', number });
      return {
        body,
        headers: {
          'x-github-event': 'issues',
          'x-github-delivery': `72d3162e-cc78-11e3-81ab-4c9367dc09${number}`,
          'x-hub-signature-256': await signGithub('github secret', body),
        },
      };
    },
  },
  slack: {
    source: slack({ signingSecret: 'slack secret' }) as WebhookSource<unknown>,
    async deliver(number, attempt = 0) {
      const body = JSON.stringify({ type: 'event_callback', event_id: `Ev${number}` });
      const at = String(seconds() - attempt);
      return {
        body,
        headers: {
          'content-type': 'application/json',
          'x-slack-request-timestamp': at,
          'x-slack-signature': `v0=${hmac('slack secret', `v0:${at}:${body}`, 'hex')}`,
          ...(attempt > 0 && { 'x-slack-retry-num': String(attempt) }),
        },
      };
    },
  },
  shopify: {
    source: shopify({ shopify: api }) as WebhookSource<unknown>,
    async deliver(number, attempt = 0) {
      const body = JSON.stringify({ id: number });
      return {
        body,
        headers: {
          'x-shopify-topic': 'orders/create',
          'x-shopify-shop-domain': 'shop.myshopify.com',
          'x-shopify-api-version': '2026-01',
          'x-shopify-event-id': `event-${number}`,
          // Made anew for each delivery, and each subscription.
          'x-shopify-webhook-id': `delivery-${number}-${attempt}`,
          'x-shopify-hmac-sha256': hmac('shopify secret', body, 'base64'),
        },
      };
    },
  },
};

describe.each(Object.entries(presets))('%s', (_name, { source, deliver }) => {
  const receiver = () => {
    const handler = vi.fn();
    const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
    const receive = webhook({ idempotency, ...source }, handler);
    return {
      handler,
      send: ({ body, headers }: Delivery) =>
        receive(new Request('https://app.example.com/hook', { method: 'POST', body, headers })),
    };
  };

  test('takes an event once, however often and late it is delivered', async () => {
    const { handler, send } = receiver();
    for (const [number, attempt] of [
      [10, 0],
      [11, 0],
      [10, 1],
      [11, 1],
      [10, 2],
    ] as const) {
      expect((await send(await deliver(number, attempt))).status).toBe(200);
    }
    expect(handler).toHaveBeenCalledTimes(2);
  });

  test('refuses a body that was changed', async () => {
    const { handler, send } = receiver();
    const { body, headers } = await deliver(10);
    const changed = body.replace(/1/, '2');
    expect(changed).not.toBe(body);
    expect((await send({ body: changed, headers })).status).toBe(401);
    expect(handler).not.toHaveBeenCalled();
  });

  test('refuses an event without a signature', async () => {
    const { handler, send } = receiver();
    const { body } = await deliver(10);
    expect((await send({ body, headers: {} })).status).toBe(401);
    expect(handler).not.toHaveBeenCalled();
  });
});

const verified = async (source: WebhookSource<unknown>, { body, headers }: Delivery) =>
  source.verify(new Request('https://app.example.com/hook', { method: 'POST', body, headers }));

test('the published test vector of Standard Webhooks is verified', async () => {
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  vi.useFakeTimers({ now: 1_614_265_330_000, toFake: ['Date'] });
  try {
    const event = await verified(presets.standard!.source, {
      body: '{"test": 2432232314}',
      headers,
    });
    expect(event).toEqual({ id: headers['webhook-id'], payload: { test: 2_432_232_314 } });
  } finally {
    vi.useRealTimers();
  }
});

test('the published test vector of GitHub is verified', async () => {
  const headers = {
    'x-github-event': 'ping',
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature-256':
      'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  };
  const { verify } = github({ secret: "It's a Secret to Everybody" });
  const request = new Request('https://app.example.com/', {
    method: 'POST',
    body: 'Hello, World!',
    headers,
  });
  // The signature is right; what is signed is no event.
  await expect(verify(request)).rejects.toThrow(SyntaxError);
});

test('Slack’s question whether the address is right is answered, and not taken', async () => {
  const handler = vi.fn();
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  const receive = webhook({ idempotency, ...slack({ signingSecret: 'slack secret' }) }, handler);
  const body = JSON.stringify({ type: 'url_verification', challenge: '3eZbrw1aB' });
  const at = String(seconds());
  const headers = {
    'x-slack-request-timestamp': at,
    'x-slack-signature': `v0=${hmac('slack secret', `v0:${at}:${body}`, 'hex')}`,
  };
  const response = await receive(
    new Request('https://app.example.com/', { method: 'POST', body, headers }),
  );
  expect(await response.json()).toEqual({ challenge: '3eZbrw1aB' });
  expect(handler).not.toHaveBeenCalled();
});

test('what Slack sends without an id is taken once, and its question about the certificate answered', async () => {
  const handler = vi.fn();
  const idempotency = createIdempotency({ environment: 'test', store: memoryStore() });
  const receive = webhook({ idempotency, ...slack({ signingSecret: 'slack secret' }) }, handler);
  const send = async (form: Record<string, string>) => {
    const body = new URLSearchParams(form).toString();
    const at = String(seconds());
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': at,
      'x-slack-signature': `v0=${hmac('slack secret', `v0:${at}:${body}`, 'hex')}`,
    };
    const request = new Request('https://app.example.com/', { method: 'POST', body, headers });
    return (await receive(request)).status;
  };
  const closed = (id: string) => ({
    payload: JSON.stringify({ type: 'view_closed', view: { id }, is_cleared: false }),
  });
  for (const id of ['V1', 'V1', 'V2']) expect(await send(closed(id))).toBe(200);
  expect(handler).toHaveBeenCalledTimes(2);
  expect(await send({ ssl_check: '1', token: 't' })).toBe(200);
  expect(handler).toHaveBeenCalledTimes(2);
});

test('Slack’s commands and interactions are named by what the user did', () => {
  const { key } = slack({ signingSecret: 'slack secret' });
  expect(key({ event_id: 'Ev1', trigger_id: 't1' })).toBe('Ev1');
  expect(key({ trigger_id: 't1' })).toBe('t1');
});

test('one event of a shop is taken for each topic', async () => {
  const { key } = shopify({ shopify: api });
  const event = { id: 'event-1', shop: 'shop.myshopify.com', payload: {} };
  expect(key({ ...event, topic: 'ORDERS_CREATE' })).not.toEqual(
    key({ ...event, topic: 'ORDERS_UPDATED' }),
  );
});
