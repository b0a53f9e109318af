import { verify as verifySignature } from '@octokit/webhooks-methods';
import type { WebhookSource } from '../webhook/options.ts';
import { SignatureError } from '../webhook/signature-error.ts';

/** An event of GitHub. */
export interface GithubEvent {
  /** Names the event, the same when it is delivered again; its payload has no id of its own. */
  readonly id: string;
  /** What happened, e.g. `push`. */
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

// What GitHub sends at most.
const maxRequestBytes = 25 * 1024 * 1024;

/**
 * GitHub's events, verified with Octokit's methods. They are named by `X-GitHub-Delivery`, which stays
 * the same when GitHub delivers an event again.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { webhook } from '@twiceproof/http/webhooks';
 * import { github } from '@twiceproof/http/webhooks/github';
 *
 * declare const idempotency: Idempotency;
 * export const POST = webhook(
 *   { idempotency, ...github({ secret: 'the secret of the hook' }) },
 *   async ({ name, payload }) => console.log(name, payload.action),
 * );
 * ```
 */
export function github({ secret }: { readonly secret: string }): WebhookSource<GithubEvent> {
  return {
    operation: 'github-webhook',
    maxRequestBytes,
    async verify(request) {
      const body = await request.text();
      const signature = request.headers.get('x-hub-signature-256');
      if (!signature || !(await verifySignature(secret, body, signature))) {
        throw new SignatureError();
      }
      const id = request.headers.get('x-github-delivery');
      const name = request.headers.get('x-github-event');
      if (!id || !name) throw new Error('X-GitHub-Delivery or X-GitHub-Event is missing');
      return { id, name, payload: payloadOf(body, request.headers.get('content-type')) };
    },
    key: ({ id }) => id,
  };
}

/** Hooks may also be set to send a form with the payload in a field. */
function payloadOf(body: string, contentType: string | null): GithubEvent['payload'] {
  const isForm = contentType?.startsWith('application/x-www-form-urlencoded');
  return JSON.parse(isForm ? (new URLSearchParams(body).get('payload') ?? '') : body);
}
