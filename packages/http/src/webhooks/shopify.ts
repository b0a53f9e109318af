import type { WebhookSource } from '../webhook/options.ts';
import { SignatureError } from '../webhook/signature-error.ts';

/** As much of Shopify's API library as it takes to verify an event. */
export interface ShopifyApi {
  readonly webhooks: {
    validate(request: { rawBody: string; rawRequest: Request }): Promise<ShopifyValidation>;
  };
}

/** What Shopify's library says of a request. */
export interface ShopifyValidation {
  readonly valid: boolean;
  readonly reason?: string | undefined;
  readonly topic?: string | undefined;
  readonly domain?: string | undefined;
  readonly webhookId?: string | undefined;
  readonly eventId?: string | undefined;
}

/** An event of Shopify. */
export interface ShopifyEvent {
  /** Names what happened in the shop; the same in every delivery. */
  readonly id: string;
  /** What happened, e.g. `ORDERS_CREATE`. */
  readonly topic: string;
  /** The shop's domain. */
  readonly shop: string;
  readonly payload: unknown;
}

/**
 * Shopify's events, verified with its own API library, on the adapter for the web's API
 * (`import '@shopify/shopify-api/adapters/web-api'`). The key is the shop, the topic and the event's
 * id, or the delivery's id where an event has none.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { type ShopifyApi, shopify } from '@twiceproof/http/webhooks/shopify';
 * import { webhook } from '@twiceproof/http/webhooks';
 *
 * declare const idempotency: Idempotency;
 * declare const api: ShopifyApi; // shopifyApi({ … })
 * export const POST = webhook(
 *   { idempotency, ...shopify({ shopify: api }) },
 *   async ({ topic, shop }) => console.log(topic, shop),
 * );
 * ```
 */
export function shopify({
  shopify: api,
}: {
  readonly shopify: ShopifyApi;
}): WebhookSource<ShopifyEvent> {
  return {
    operation: 'shopify-webhook',
    async verify(request) {
      const rawBody = await request.text();
      const checked = await api.webhooks.validate({ rawBody, rawRequest: request });
      if (!checked.valid) {
        if (checked.reason === 'missing_headers') throw new Error('headers are missing');
        throw new SignatureError(checked.reason);
      }
      const { topic, domain: shop, eventId, webhookId } = checked;
      const id = eventId ?? webhookId;
      if (!topic || !shop || !id) throw new Error('the event is not named');
      return { id, topic, shop, payload: JSON.parse(rawBody) };
    },
    key: ({ shop, topic, id }) => [shop, topic, id],
  };
}
