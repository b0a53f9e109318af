import { KeyText } from '../key/key-text.ts';
import { Attempt } from './attempt.ts';
import type { Call } from './call.ts';
import { CallDetails } from './call-details.ts';
import { outsideOfAnyCall } from './delay-queue.ts';
import type { Deployment } from './deployment.ts';
import { Flight } from './flights.ts';
import { type Claimant, KeyedCall } from './keyed-call.ts';
import { Request } from './request.ts';

export const kept: object[] = [];

/**
 * Keeps one object of each kind that comes and goes with a call. Between two calls there may be none, and what V8
 * collects then is their shapes as well, with all the code that was compiled for them: for thousands of calls after
 * each major collection a first execution would take twice as long.
 */
export function keepShapes(): void {
  if (kept.length > 0) return;
  const of = {
    operation: '',
    environment: '',
    storeName: '',
    attributes: undefined,
    workflow: undefined,
  };
  const info = new CallDetails(of, []);
  const claim = { id: '', token: '', leaseMs: 1 };
  const claimant = { claimOf: () => claim } as unknown as Claimant<unknown>;
  const policy = { heartbeat: true } as unknown as Call['policy'];
  const keyed = {
    id: '',
    text: '',
    knownKeys: undefined,
    known: undefined,
    fingerprint: undefined,
    inputDigest: undefined,
    signal: undefined,
    onlyReads: undefined,
    adopt: undefined,
  };
  const call = new KeyedCall(info, policy, keyed, {}, claimant, undefined);
  const flight = new Flight('', undefined);
  const deployment = { delays: { of: () => undefined } } as unknown as Deployment;
  const acquired = { acquisition: { record: { attempt: 1, fence: 1 } }, deadline: 0.5 };
  // It knows the execution that it is made in, which must not be kept.
  const attempt = outsideOfAnyCall(() => new Attempt(deployment, call, acquired as never, flight));
  const request = new Request('', {}, 1);
  // Times are no whole numbers, which another shape would be made for.
  attempt.due = request.due = request.sentAt = 0.5;
  kept.push(info, new KeyText(''), call, flight, attempt, request);
}
