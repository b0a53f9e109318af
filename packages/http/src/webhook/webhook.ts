import { isIdempotencyError, type Settled } from '@twiceproof/core';
import { invalidOption } from '@twiceproof/core/toolkit';
import { RequestBody } from '../fetch/request-body.ts';
import { plainResponse } from '../fetch/response-of.ts';
import { BodyRefused } from '../gate/body-refused.ts';
import { problemOf, standardAnswer } from '../gate/problem.ts';
import type { ProblemName } from '../gate/problem-kinds.ts';
import { refusalOf } from '../gate/refusal.ts';
import { ServerFaults } from '../gate/server-faults.ts';
import { Inbox } from './inbox.ts';
import type { WebhookHandler, WebhookOptions, WebhookReceiver } from './options.ts';
import { SignatureError } from './signature-error.ts';

const defaultMaxRequestBytes = 1024 * 1024;

/**
 * A fetch handler that verifies an event, takes it once, and acknowledges it. A duplicate is
 * acknowledged without running; an event that is being worked on, and one whose handler failed, get an
 * answer that makes the sender deliver them again. Throws `OPTIONS_INVALID` naming the option that is
 * wrong.
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
export function webhook<Event>(
  options: WebhookOptions<Event>,
  handler: WebhookHandler<Event>,
): WebhookReceiver {
  const {
    idempotency,
    verify,
    respond,
    mode = 'before-ack',
    recoverEvery: _recoverEvery,
    maxRequestBytes = defaultMaxRequestBytes,
    onError = (error) => console.error(error),
    ...core
  } = options;
  check(idempotency, verify, mode, handler);
  const wrapped = idempotency.wrap(async (event: Event, request: Request): Promise<void> => {
    await handler(event, request);
  }, core);
  const faults = new ServerFaults();
  const take = async (event: Event, request: Request): Promise<Settled<void>> => {
    const settled = await wrapped.settled(event, request);
    faults.look(settled);
    const { error, started, outcome } = settled;
    if (started && (outcome === 'failed' || outcome === 'unknown')) void tell(error, event);
    return settled;
  };
  /** What that throws, or rejects with, is no reason to answer otherwise. */
  const tell = async (error: unknown, event: Event): Promise<void> => {
    try {
      await onError(error, event);
    } catch (fault) {
      console.error('Twiceproof: onError failed for an event.', fault);
    }
  };
  const inbox =
    mode === 'after-ack'
      ? new Inbox(options, async (event, request) => isDone(await take(event, request)))
      : undefined;

  const receive = async (request: Request): Promise<Response> => {
    if (request.method !== 'POST') return refusal('method-not-allowed');
    const body = new RequestBody(request);
    let bytes: Uint8Array;
    let event: Event;
    try {
      const { url, method, headers } = request;
      bytes = await body.read(maxRequestBytes);
      // Apart from the one that the handler gets, which can still be read.
      event = await verify(new Request(url, { method, headers, body: new Uint8Array(bytes) }));
    } catch (error) {
      return refusal(refusalName(error));
    }
    const answer = respond?.(event);
    if (answer) return answer;
    const accepted = await inbox?.accept(event, body.request, bytes);
    if (accepted) faults.look(accepted);
    return answerOf(accepted ?? (await take(event, body.request)));
  };
  return Object.assign(receive, {
    recover: async () => inbox?.recover() ?? 0,
    stop: () => inbox?.stop(),
  });
}

/** Done, or recorded as failed for good: another delivery would change nothing. */
function isDone(settled: Settled<unknown>): boolean {
  const { error, outcome, recorded } = settled;
  if (!('error' in settled)) return outcome !== 'unknown';
  return recorded || isIdempotencyError(error, 'RESULT_OMITTED');
}

function answerOf(settled: Settled<unknown>): Response {
  const { outcome, started } = settled;
  if (isDone(settled)) {
    return new Response(null, { headers: started ? {} : { 'idempotent-replayed': 'true' } });
  }
  if (outcome === 'unknown') return refusal('outcome-unknown');
  const told = refusalOf(settled);
  if (told) return plainResponse(standardAnswer(told));
  return refusal(started ? 'handler-failed' : 'event-unusable');
}

function refusal(name: ProblemName): Response {
  return plainResponse(standardAnswer(problemOf(name)));
}

function refusalName(error: unknown): ProblemName {
  if (error instanceof SignatureError) return 'signature-invalid';
  return error instanceof BodyRefused ? error.problem : 'event-unusable';
}

function check(idempotency: unknown, verify: unknown, mode: unknown, handler: unknown): void {
  if (typeof (idempotency as { wrap?: unknown } | undefined)?.wrap !== 'function') {
    throw invalidOption('webhook needs idempotency; give what createIdempotency() answers');
  }
  if (typeof verify !== 'function') {
    throw invalidOption('webhook needs verify; give a function of the request, or a preset');
  }
  if (mode !== 'before-ack' && mode !== 'after-ack') {
    throw invalidOption("mode is unknown; give 'before-ack' or 'after-ack'");
  }
  if (typeof handler !== 'function') {
    throw invalidOption('webhook needs a handler; give a function of the event');
  }
}
