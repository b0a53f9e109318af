import type { ServerResponse } from 'node:http';
import { IdempotencyError } from '@twiceproof/core';
import type { Answer } from '../gate/answer.ts';
import type { Gate } from '../gate/gate.ts';
import type { HttpCall, Run } from '../gate/http-call.ts';
import type { Incoming } from '../gate/incoming.ts';
import type { PlainResponse } from '../gate/plain-response.ts';
import type { Problem } from '../gate/problem.ts';
import { HeldResponse } from './held-response.ts';

/** What is left to do for a request. */
export type Remaining =
  /** Run the handler as if there were no layer. */
  | { readonly kind: 'untouched' }
  /** Nothing: the response has left. */
  | { readonly kind: 'answered' }
  /** Send this; the handler does not run. */
  | {
      readonly kind: 'respond';
      readonly response: PlainResponse;
      /** What the response tells of, where it is not a recorded one. */
      readonly problem: Problem | undefined;
    };

/**
 * Answers a request on node:http. `handle` starts the handler, which writes its response; what `handle`
 * throws or rejects with counts as thrown by it. Rejects with what the framework has to answer.
 */
export async function answerNode<Req>(
  gate: Gate<Req>,
  incoming: Incoming<Req>,
  res: ServerResponse,
  handle: (held: HeldResponse) => unknown,
): Promise<Remaining> {
  let held: HeldResponse | undefined;
  let isTooLate = false;
  try {
    const received = await gate.receive(incoming);
    const answering = answerTo(gate, received, (early) => {
      // While its turn was waited for, somebody else has answered, such as a timeout.
      isTooLate = res.writableEnded;
      if (isTooLate) throw tooLate();
      held = new HeldResponse(res, gate.maxBodyBytes, early);
      const handling = handle(held);
      // Where a framework runs the handler, nothing more is heard of it.
      if (!isThenable(handling)) return held.produced;
      return Promise.race([held.produced, failureOf(handling)]);
    });
    const answer = answering instanceof Promise ? await answering : answering;
    if (answer.kind === 'untouched') return answer;
    if (answer.kind === 'handled') held!.send(answer.headers);
    else if (held) held.sendInstead(answer.response);
    else return { kind: 'respond', response: answer.response, problem: answer.problem };
  } catch (error) {
    if (isTooLate) return { kind: 'answered' };
    if (!held?.hasEnded) {
      held?.giveBack();
      throw error;
    }
    // The response broke off, and so it does for the client.
    held.cut();
  }
  return { kind: 'answered' };
}

/** A refusal for now, which no `failure` option makes an outcome: nothing has happened. */
function tooLate(): IdempotencyError {
  const message = 'the request was answered before its handler could begin; send it again';
  return new IdempotencyError('TIMED_OUT', message);
}

/** Without a promise where the record is at hand. */
function answerTo<Req>(
  gate: Gate<Req>,
  received: HttpCall<Req> | Answer,
  run: Run,
): Answer | Promise<Answer> {
  if ('kind' in received) return received;
  const settling = gate.settle(received, run);
  return settling instanceof Promise
    ? settling.then((outcome) => gate.answerOf(received, outcome))
    : gate.answerOf(received, settling);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | undefined | null)?.then === 'function';
}

/** Rejects if the handler does, and else never settles: its response says when it is done. */
async function failureOf(handling: PromiseLike<unknown>): Promise<never> {
  await handling;
  return new Promise(() => {});
}
