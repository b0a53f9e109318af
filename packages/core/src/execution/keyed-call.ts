import type { Instrumentation } from '../instrumentation.ts';
import type { Policy } from '../options/policy.ts';
import type { Claim, StoredRecord } from '../store.ts';
import type { Call } from './call.ts';
import type { CallDetails } from './call-details.ts';
import { type KeptReplay, keptReplay } from './kept-replay.ts';
import { type KeptResult, keptResult } from './kept-result.ts';
import type { KnownKey, KnownKeys } from './known-keys.ts';
import type { Patience } from './patience.ts';
import type { RequestDetails } from './request.ts';

/** What a call is known by before it claims anything. */
export interface Keyed
  extends Pick<Call, 'id' | 'fingerprint' | 'inputDigest' | 'signal' | 'adopt' | 'onlyReads'> {
  /** The key, where it is text. */
  readonly text: string | undefined;
  readonly knownKeys: KnownKeys | undefined;
  readonly known: KnownKey | undefined;
}

/** Makes the claims of its calls. */
export interface Claimant<Given> {
  claimOf(call: Call, given: Given): Claim;
}

/** A call as it was made, with a claim that is made only if something has to be claimed. */
export class KeyedCall<Given = unknown> implements Call {
  readonly info: CallDetails;
  readonly policy: Policy;
  readonly id: string;
  readonly fingerprint: string | undefined;
  readonly inputDigest: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly adopt: Call['adopt'];
  readonly onlyReads: boolean | undefined;
  readonly details: RequestDetails;
  recorded: Uint8Array | undefined = undefined;
  patience: Patience | undefined = undefined;
  readonly #text: string | undefined;
  readonly #knownKeys: KnownKeys | undefined;
  readonly #known: KnownKey | undefined;
  readonly #claimant: Claimant<Given>;
  readonly #given: Given;
  #claim: Claim | undefined = undefined;

  constructor(
    info: CallDetails,
    policy: Policy,
    keyed: Keyed,
    details: RequestDetails,
    claimant: Claimant<Given>,
    given: Given,
  ) {
    this.info = info;
    this.policy = policy;
    this.id = keyed.id;
    this.fingerprint = keyed.fingerprint;
    this.inputDigest = keyed.inputDigest;
    this.signal = keyed.signal;
    this.adopt = keyed.adopt;
    this.onlyReads = keyed.onlyReads;
    this.details = details;
    this.#text = keyed.text;
    this.#knownKeys = keyed.knownKeys;
    this.#known = keyed.known;
    this.#claimant = claimant;
    this.#given = given;
  }

  get instrumentation(): Instrumentation | undefined {
    return this.details.instrumentation;
  }

  get claim(): Claim {
    this.#claim ??= this.#claimant.claimOf(this, this.#given);
    return this.#claim;
  }

  get kept(): KeptReplay | undefined {
    return this.#known?.kept;
  }

  remember(): void {
    if (!this.#known) this.#knownKeys?.add(this.id, this.#text);
  }

  keep(record: StoredRecord, value: unknown): void {
    if (this.#known) this.#known.kept = keptReplay(record, value);
  }

  get keptResult(): KeptResult | undefined {
    return this.#known?.result;
  }

  keepResult(outcome: Uint8Array, value: unknown): void {
    if (this.#known) this.#known.result = keptResult(outcome, value);
  }
}
