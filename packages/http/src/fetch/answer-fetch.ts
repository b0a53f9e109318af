import type { Answer } from '../gate/answer.ts';
import type { Gate } from '../gate/gate.ts';
import type { HttpCall, Produced } from '../gate/http-call.ts';
import type { HeaderList } from '../gate/plain-response.ts';
import { type Collected, collectResponse } from './collect-response.ts';
import { keptResponse } from './kept-response.ts';
import { plainResponse } from './response-of.ts';

/** What a handler answered, and what it threw where its framework has made an answer of that. */
export interface Handled {
  readonly response: Response;
  readonly thrown?: Produced['thrown'];
}

/**
 * Answers what was received with a Response: without a promise where the record is at hand. Undefined where the
 * handler is to run untouched.
 */
export function answerFetch<Req>(
  gate: Gate<Req>,
  received: HttpCall<Req> | Answer,
  handle: () => Promise<Handled>,
): Response | undefined | Promise<Response | undefined> {
  if ('kind' in received) return finish(received, undefined);
  let collected: Collected | undefined;
  let hasLeft = false;
  let resolve: (response: Response | undefined) => void;
  const leave = (response: Response): boolean => {
    if (hasLeft) return false;
    hasLeft = true;
    resolve(response);
    return true;
  };
  const read = async ({ response, thrown }: Handled, early: HeaderList): Promise<Produced> => {
    collected = await collectResponse(response, gate.maxBodyBytes, early, leave);
    return { ...collected.produced, thrown };
  };
  const settling = gate.settle(received, (early) =>
    handle().then((handled) => {
      const { response, thrown } = handled;
      collected = keptResponse(response, gate.maxBodyBytes);
      if (!collected) return read(handled, early);
      return thrown ? { ...collected.produced, thrown } : collected.produced;
    }),
  );
  if (!(settling instanceof Promise)) {
    const answer = gate.answerOf(received, settling);
    return answer instanceof Promise
      ? answer.then((told) => finish(told, undefined))
      : finish(answer, undefined);
  }
  return new Promise((onAnswer, reject) => {
    resolve = onAnswer;
    const end = (answer: Answer): void => {
      hasLeft = true;
      resolve(finish(answer, collected));
    };
    // A response that cannot be made again, such as one of an error, is among what fails.
    const fail = (error: unknown): void => {
      hasLeft = true;
      collected?.passedOn?.break(error);
      reject(error);
    };
    settling.then((outcome) => {
      try {
        const answer = gate.answerOf(received, outcome);
        if (answer instanceof Promise) answer.then(end).catch(fail);
        else end(answer);
      } catch (error) {
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
