import { verifySlackRequest } from '@slack/bolt';
import { nodeCrypto } from '@twiceproof/core/toolkit';
import type { WebhookSource } from '../webhook/options.ts';
import { SignatureError } from '../webhook/signature-error.ts';

/** What Slack sends: an event, an interaction or a command, as its documentation has it. */
export interface SlackEvent {
  readonly type?: string | undefined;
  readonly event_id?: string | undefined;
  readonly trigger_id?: string | undefined;
  readonly challenge?: string | undefined;
  readonly [field: string]: unknown;
}

/**
 * Slack's events, interactions and commands, verified as Bolt does it. The key is the `event_id`, or
 * the `trigger_id` of what a user did, or a digest of all of it where there is neither; the questions
 * whether the address is right, and its certificate, are answered.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { webhook } from '@twiceproof/http/webhooks';
 * import { slack } from '@twiceproof/http/webhooks/slack';
 *
 * declare const idempotency: Idempotency;
 * export const POST = webhook(
 *   { idempotency, ...slack({ signingSecret: 'the secret of the app' }) },
 *   async (event) => console.log(event.type),
 * );
 * ```
 */
export function slack({
  signingSecret,
}: {
  readonly signingSecret: string;
}): WebhookSource<SlackEvent> {
  return {
    operation: 'slack-webhook',
    async verify(request) {
      const body = await request.text();
      try {
        verifySlackRequest({
          signingSecret,
          body,
          headers: {
            'x-slack-signature': request.headers.get('x-slack-signature') ?? '',
            'x-slack-request-timestamp': Number(request.headers.get('x-slack-request-timestamp')),
          },
        });
      } catch (cause) {
        throw new SignatureError(undefined, { cause });
      }
      return eventOf(body, request.headers.get('content-type'));
    },
    key: (event) => event.event_id ?? event.trigger_id ?? contentOf(event),
    respond({ type, challenge, ssl_check }) {
      if (type === 'url_verification') return Response.json({ challenge });
      return ssl_check === undefined ? undefined : new Response();
    },
  };
}

/** A modal that was closed, a dialog, and a limit that was reached have neither id. */
function contentOf(event: SlackEvent): string {
  return nodeCrypto().hash('sha256', JSON.stringify(event), 'base64url');
}

/** Events are JSON, interactions a form with JSON in a field, commands a form. */
function eventOf(body: string, contentType: string | null): SlackEvent {
  if (!contentType?.startsWith('application/x-www-form-urlencoded')) return JSON.parse(body);
  const form = new URLSearchParams(body);
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : JSON.parse(payload);
}
