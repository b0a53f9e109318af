import type { WebhookSource } from '../webhook/options.ts';
import { SignatureError } from '../webhook/signature-error.ts';

/** As much of Stripe's client as it takes to verify an event. */
export interface StripeClient<Event> {
  readonly webhooks: {
    constructEventAsync(payload: string, header: string, secret: string): Promise<Event>;
  };
}

/** What is looked at of Stripe's events. */
interface IdentifiedEvent {
  readonly id: string;
}

/**
 * Stripe's events, verified with its own client. The key is the event's id.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { webhook } from '@twiceproof/http/webhooks';
 * import { stripe } from '@twiceproof/http/webhooks/stripe';
 * import Stripe from 'stripe';
 *
 * declare const idempotency: Idempotency;
 * const client = new Stripe('sk_test_…');
 * export const POST = webhook(
 *   { idempotency, ...stripe({ stripe: client, secret: 'whsec_…' }) },
 *   async (event) => console.log(event.type),
 * );
 * ```
 */
export function stripe<Event extends IdentifiedEvent>({
  stripe: client,
  secret,
}: {
  readonly stripe: StripeClient<Event>;
  /** The endpoint's signing secret, `whsec_…`. */
  readonly secret: string;
}): WebhookSource<Event> {
  return {
    operation: 'stripe-webhook',
    async verify(request) {
      const signature = request.headers.get('stripe-signature');
      if (signature === null) throw new SignatureError();
      try {
        return await client.webhooks.constructEventAsync(await request.text(), signature, secret);
      } catch (cause) {
        if (!isSignatureFault(cause)) throw cause;
        throw new SignatureError(undefined, { cause });
      }
    },
    key: ({ id }) => id,
  };
}

function isSignatureFault(error: unknown): boolean {
  const type = (error as { readonly type?: unknown } | null)?.type;
  return type === 'StripeSignatureVerificationError';
}
