import type { ServerResponse } from 'node:http';
import type { Gate } from '../gate/gate.ts';
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
    const answer = await gate.answer(incoming, async (early) => {
      // While its turn was waited for, somebody else has answered, such as a timeout.
      isTooLate = res.writableEnded;
      if (isTooLate) throw new Error('the request was answered before its handler could begin');
      held = new HeldResponse(res, gate.maxBodyBytes, early);
      return Promise.race([held.produced, failureOf(handle, held)]);
    });
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

/** Rejects if the handler does, and else never settles: its response says when it is done. */
async function failureOf(
  handle: (held: HeldResponse) => unknown,
  held: HeldResponse,
): Promise<never> {
  await handle(held);
  return new Promise(() => {});
}
