import { Webhook } from 'standardwebhooks';
import type { WebhookSource } from '../webhook/options.ts';
import { SignatureError } from '../webhook/signature-error.ts';

/** An event of the Standard Webhooks specification. */
export interface StandardEvent {
  /** The message's id, the same in every delivery. */
  readonly id: string;
  /** The body, parsed. */
  readonly payload: unknown;
}

/**
 * Events signed as the Standard Webhooks specification has it.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { webhook } from '@twiceproof/http/webhooks';
 * import { standard } from '@twiceproof/http/webhooks/standard';
 *
 * declare const idempotency: Idempotency;
 * export const POST = webhook(
 *   { idempotency, ...standard({ secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }) },
 *   async ({ payload }) => console.log(payload),
 * );
 * ```
 */
export function standard({ secret }: { readonly secret: string }): WebhookSource<StandardEvent> {
  const verifier = new Webhook(secret);
  return {
    operation: 'standard-webhook',
    async verify(request) {
      const body = await request.text();
      try {
        verifier.verify(body, Object.fromEntries(request.headers), { jsonParse: false });
      } catch (cause) {
        throw new SignatureError(undefined, { cause });
      }
      return { id: request.headers.get('webhook-id')!, payload: JSON.parse(body) };
    },
    key: ({ id }) => id,
  };
}
