import type { Instrumentation } from '../instrumentation.ts';
import type { KnownIds } from '../key/known-ids.ts';
import type { Policy } from '../options/policy.ts';
import type { Claim } from '../store.ts';
import type { Call } from './call.ts';
import type { CallDetails } from './call-details.ts';
import type { Patience } from './patience.ts';
import type { RequestDetails } from './request.ts';

/** What a call is known by before it claims anything. */
export interface Keyed
  extends Pick<Call, 'id' | 'fingerprint' | 'inputDigest' | 'signal' | 'adopt'> {
  /** The key, where it is text. */
  readonly text: string | undefined;
  readonly knownIds: KnownIds | undefined;
}

/** A call as it was made, with a claim that is made only if something has to be claimed. */
export class KeyedCall implements Call {
  readonly info: CallDetails;
  readonly policy: Policy;
  readonly id: string;
  readonly fingerprint: string | undefined;
  readonly inputDigest: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly adopt: Call['adopt'];
  readonly details: RequestDetails;
  recorded: Uint8Array | undefined = undefined;
  patience: Patience | undefined = undefined;
  readonly #keyed: Keyed;
  readonly #makeClaim: (call: Call) => Claim;
  #claim: Claim | undefined = undefined;

  constructor(
    info: CallDetails,
    policy: Policy,
    keyed: Keyed,
    details: RequestDetails,
    makeClaim: (call: Call) => Claim,
  ) {
    this.info = info;
    this.policy = policy;
    this.id = keyed.id;
    this.fingerprint = keyed.fingerprint;
    this.inputDigest = keyed.inputDigest;
    this.signal = keyed.signal;
    this.adopt = keyed.adopt;
    this.#keyed = keyed;
    this.details = details;
    this.#makeClaim = makeClaim;
  }

  get instrumentation(): Instrumentation | undefined {
    return this.details.instrumentation;
  }

  remember(): void {
    const { id, text, knownIds } = this.#keyed;
    if (text !== undefined) knownIds?.add(text, id);
  }

  get claim(): Claim {
    this.#claim ??= this.#makeClaim(this);
    return this.#claim;
  }
}
