import type { Answer } from '../gate/answer.ts';
import type { Gate } from '../gate/gate.ts';
import type { HttpCall, Produced } from '../gate/http-call.ts';
import type { Incoming } from '../gate/incoming.ts';
import { type Collected, collectResponse } from './collect-response.ts';
import { keptResponse } from './kept-response.ts';
import { plainResponse } from './response-of.ts';

/** What a handler answered, and what it threw where its framework has made an answer of that. */
export interface Handled {
  readonly response: Response;
  readonly thrown?: Produced['thrown'];
}

/** Answers a request with a Response. Undefined where the handler is to run untouched. */
export async function answerFetch<Req>(
  gate: Gate<Req>,
  incoming: Incoming<Req>,
  handle: () => Promise<Handled>,
): Promise<Response | undefined> {
  const received = await gate.receive(incoming);
  return 'kind' in received
    ? finish(received, undefined)
    : await answerCall(gate, received, handle);
}

/** Without a promise where the record is at hand. */
function answerCall<Req>(
  gate: Gate<Req>,
  call: HttpCall<Req>,
  handle: () => Promise<Handled>,
): Response | undefined | Promise<Response | undefined> {
  let collected: Collected | undefined;
  let hasLeft = false;
  let resolve: (response: Response | undefined) => void;
  const leave = (response: Response): boolean => {
    if (hasLeft) return false;
    hasLeft = true;
    resolve(response);
    return true;
  };
  const answered = gate.settle(call, async (early) => {
    const { response, thrown } = await handle();
    collected =
      keptResponse(response, gate.maxBodyBytes) ??
      (await collectResponse(response, gate.maxBodyBytes, early, leave));
    return { ...collected.produced, thrown };
  });
  if (!(answered instanceof Promise)) return finish(answered, collected);
  return new Promise((onAnswer, reject) => {
    resolve = onAnswer;
    const fail = (error: unknown): void => {
      hasLeft = true;
      collected?.passedOn?.break(error);
      reject(error);
    };
    answered.then((answer) => {
      hasLeft = true;
      try {
        resolve(finish(answer, collected));
      } catch (error) {
        // A response that cannot be made again, such as one of an error.
        fail(error);
      }
    }, fail);
  });
}

function finish(answer: Answer, collected: Collected | undefined): Response | undefined {
  if (answer.kind === 'untouched') return undefined;
  if (answer.kind === 'instead') {
    collected?.passedOn?.break(new Error('The response could not be recorded.'));
    return plainResponse(answer.response);
  }
  collected!.passedOn?.end();
  return collected!.respond(answer.headers);
}
