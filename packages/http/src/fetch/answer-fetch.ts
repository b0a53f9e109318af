import type { Answer, Gate } from '../gate/gate.ts';
import type { Incoming } from '../gate/incoming.ts';
import type { Produced } from '../gate/operations.ts';
import { type Collected, collectResponse } from './collect-response.ts';
import { keptResponse } from './kept-response.ts';
import { plainResponse } from './response-of.ts';

/** What a handler answered, and what it threw where its framework has made an answer of that. */
export interface Handled {
  readonly response: Response;
  readonly thrown?: Produced['thrown'];
}

/** Answers a request with a Response. Undefined where the handler is to run untouched. */
export function answerFetch<Req>(
  gate: Gate<Req>,
  incoming: Incoming<Req>,
  handle: () => Promise<Handled>,
): Promise<Response | undefined> {
  return new Promise((resolve, reject) => {
    let collected: Collected | undefined;
    let hasLeft = false;
    const leave = (response: Response): boolean => {
      if (hasLeft) return false;
      hasLeft = true;
      resolve(response);
      return true;
    };
    const answered = gate.answer(incoming, async (early) => {
      const { response, thrown } = await handle();
      collected =
        keptResponse(response, gate.maxBodyBytes) ??
        (await collectResponse(response, gate.maxBodyBytes, early, leave));
      return { ...collected.produced, thrown };
    });
    answered.then(
      (answer) => {
        hasLeft = true;
        resolve(finish(answer, collected));
      },
      (error) => {
        hasLeft = true;
        collected?.passedOn?.break(error);
        reject(error);
      },
    );
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
