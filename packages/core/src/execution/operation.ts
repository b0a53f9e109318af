import { type Instrumentation, traceparentOf } from '../instrumentation.ts';
import { KeyText } from '../key/key-text.ts';
import { missingPart } from '../key/missing-part.ts';
import { previewOf } from '../key/preview.ts';
import { recordIdOfText } from '../key/record-id.ts';
import { isSwitchedOff, sayDisabled } from '../options/disabled-switch.ts';
import type { OperationOptions } from '../options/options.ts';
import type { Policy } from '../options/policy.ts';
import { type Settled, settle } from '../settled.ts';
import { type Claim, RECORD_FORMAT } from '../store.ts';
import { answerDespiteOutage } from './answer-despite-outage.ts';
import { bypass } from './bypass.ts';
import { type AdoptionAsked, type Answer, type Call, ended, type Tell } from './call.ts';
import { CallDetails, type OfOperation } from './call-details.ts';
import { callFingerprint } from './call-fingerprint.ts';
import type { Deployment } from './deployment.ts';
import { answerCall } from './fast-door.ts';
import { type Claimant, KeyedCall } from './keyed-call.ts';
import { closedError } from './lifecycle.ts';
import { type Location, Locations } from './locations.ts';
import { missingKey, missingScope } from './missing-key.ts';
import type { RequestDetails } from './request.ts';
import { shadow, shadowRefused } from './shadow.ts';
import { untilAborted } from './until-aborted.ts';
import { watchedCall } from './watched-call.ts';

type Selectors<Args extends readonly unknown[]> = Pick<
  OperationOptions<Args>,
  'key' | 'run' | 'scope' | 'fingerprint' | 'input' | 'attributes' | 'adopt'
> &
  OperationExtras;

/** What an operation has beside its options. */
export interface OperationExtras {
  /** Record id of the workflow that it is a step of. */
  readonly workflow?: string | undefined;
  /** Of a workflow and its steps: the digest of what the workflow was started with. */
  readonly inputDigest?: ((...args: readonly unknown[]) => string | undefined) | undefined;
  /** What operators see instead of the key. */
  readonly keyPreview?: string | undefined;
  /** It is made for a single call: what would be known of its keys, nobody would ask for. */
  readonly isOfOneCall?: boolean | undefined;
}

/** What one call was given. */
export interface Given<Args extends readonly unknown[]> {
  readonly args: Args;
  /** What the function and the selectors are called on. */
  readonly self?: unknown;
  /** Overrides the operation's own. */
  readonly run?: number | undefined;
  /** Ends the caller's waiting, not the execution. */
  readonly signal?: AbortSignal | undefined;
  /** Whoever is answered changes nothing of the answer. */
  readonly onlyReads?: boolean | undefined;
}

const inputPreviewBytes = 1_024;
const tenYearsMs = 3_650 * 86_400_000;

/** One named operation with its policy: turns arguments into calls, and answers them. */
export class Operation<Args extends readonly unknown[]> implements Claimant<Given<Args>> {
  readonly name: string;
  readonly #deployment: Deployment;
  readonly #policy: Policy;
  readonly #selectors: Selectors<Args>;
  readonly #common: OfOperation;
  readonly #locations: Locations;
  #details: RequestDetails | undefined;

  constructor(deployment: Deployment, name: string, policy: Policy, selectors: Selectors<Args>) {
    this.name = name;
    this.#deployment = deployment;
    this.#policy = policy;
    this.#selectors = selectors;
    this.#common = {
      operation: name,
      environment: deployment.environment,
      storeName: deployment.requests.store.name,
      attributes: selectors.attributes,
      workflow: selectors.workflow,
    };
    this.#locations = new Locations(deployment, name, selectors.isOfOneCall !== true);
    // A wrong operation, run or scope shows when the function is wrapped, not when it is first called.
    const { run, scope } = selectors;
    this.#locations.of(
      typeof run === 'function' ? 0 : (run ?? 0),
      typeof scope === 'function' ? undefined : scope,
    );
  }

  /** Answers one call, without a promise where it can be answered at once. May also throw: whoever calls
   * this answers a promise. */
  answer<T, Told>(
    given: Given<Args>,
    fn: () => T | Promise<T>,
    tell: Tell<T, Told>,
  ): Told | Promise<Told> {
    return this.#observed(this.#infoOf(given.args), given, fn, tell);
  }

  /** Answers one call with what came of it, without a promise where that is at hand. Neither throws nor rejects. */
  settled<T>(given: Given<Args>, fn: () => T | Promise<T>): Settled<T> | Promise<Settled<T>> {
    const info = this.#infoOf(given.args);
    return settle(info, fn, given.signal, (watched, tell) =>
      this.#observed(info, given, watched, tell),
    );
  }

  /** The record id of a call with these arguments. */
  async idOf(given: Given<Args>): Promise<string> {
    const info = this.#infoOf(given.args);
    const key = this.#keyOf(given);
    const missing = this.#missing(key);
    if (missing !== undefined)
      throw missingKey(this.name, missing, this.#selectors.key !== undefined);
    const { prefix } = this.#locate(info, given);
    return recordIdOfText(prefix, key.canonical);
  }

  #observed<T, Told>(
    info: CallDetails,
    given: Given<Args>,
    fn: () => T | Promise<T>,
    tell: Tell<T, Told>,
  ): Told | Promise<Told> {
    const { signal } = given;
    if (signal === undefined) return this.#instrumented(info, given, fn, tell);
    return untilAborted(signal, () => this.#instrumented(info, given, fn, tell));
  }

  #instrumented<T, Told>(
    info: CallDetails,
    given: Given<Args>,
    fn: () => T | Promise<T>,
    tell: Tell<T, Told>,
  ): Told | Promise<Told> {
    const instrumentation = this.#deployment.instrumentation();
    if (!instrumentation) return this.#answer(info, given, fn, tell, undefined);
    return watchedCall(instrumentation, info, (told) => this.#answer(info, given, fn, tell, told));
  }

  #answer<T, Told>(
    info: CallDetails,
    given: Given<Args>,
    fn: () => T | Promise<T>,
    tell: Tell<T, Told>,
    instrumentation: Instrumentation | undefined,
  ): Told | Promise<Told> {
    if (this.#deployment.lifecycle.refuses) {
      throw ended(info, 'failed', closedError(`'${this.name}' was called after close()`));
    }
    const { enabled, storeOutage } = this.#policy;
    if (enabled === false || this.#isSwitchedOff(info)) {
      sayDisabled();
      return this.#bypass(info, given, fn, instrumentation).then(tell);
    }
    let call: Call | undefined;
    try {
      call = this.#callOf(info, given, instrumentation);
    } catch (error) {
      if (enabled === 'shadow') {
        this.#identifyIfPossible(info, given);
        return shadowRefused(this.#deployment, { info, instrumentation }, fn, error).then(tell);
      }
      throw info.outcome === undefined ? ended(info, 'failed', error) : error;
    }
    if (!call) return this.#bypass(info, given, fn, instrumentation).then(tell);
    if (enabled === 'shadow') return shadow(this.#deployment, call, fn).then(tell);
    return storeOutage === 'reject'
      ? answerCall(this.#deployment, call, fn, tell)
      : answerDespiteOutage(this.#deployment, call, fn).then(tell);
  }

  /** Runs without idempotency. */
  #bypass<T>(
    info: CallDetails,
    given: Given<Args>,
    fn: () => T | Promise<T>,
    instrumentation: Instrumentation | undefined,
  ): Promise<Answer<T>> {
    this.#identifyIfPossible(info, given);
    return bypass(this.#deployment, info, fn, instrumentation, this.#policy.maxDurationMs);
  }

  /** Undefined for a call that runs without idempotency, because it has no key. */
  #callOf(
    info: CallDetails,
    given: Given<Args>,
    instrumentation: Instrumentation | undefined,
  ): Call | undefined {
    const policy = this.#policy;
    const key = this.#keyOf(given);
    const missing = this.#missing(key);
    if (missing !== undefined) {
      if (policy.missingKey === 'execute') return undefined;
      throw missingKey(this.name, missing, this.#selectors.key !== undefined);
    }
    const { adopt, fingerprint, inputDigest } = this.#selectors;
    const { prefix, knownKeys } = this.#locate(info, given);
    let known = key.text === undefined ? undefined : knownKeys?.ofText(key.text);
    const newId = known?.id ?? recordIdOfText(prefix, key.canonical);
    if (key.text === undefined) known = knownKeys?.ofId(newId);
    // The same text as the store has it under is found sooner than an equal one.
    const id = known?.id ?? newId;
    this.#identify(info, id, key);
    const keyed = {
      id,
      text: key.text,
      knownKeys,
      known,
      fingerprint:
        fingerprint &&
        callFingerprint(id, select(fingerprint, given), this.#deployment.digestKey, known),
      inputDigest: inputDigest?.(...given.args),
      signal: given.signal,
      onlyReads: given.onlyReads,
      adopt:
        adopt && info.run === 0
          ? (asked: AdoptionAsked) =>
              Reflect.apply(adopt, given.self, [{ ...asked, args: given.args }])
          : undefined,
    };
    const details = this.#detailsWith(instrumentation);
    return new KeyedCall(info, policy, keyed, details, this, given);
  }

  claimOf(
    { id, fingerprint, inputDigest, info, instrumentation }: Call,
    given: Given<Args>,
  ): Claim {
    const { environment, runtime } = this.#deployment;
    const { leaseMs, abandoned, retention } = this.#policy;
    const { input, workflow } = this.#selectors;
    // All of it is made now, also what a likely replay will not write: stores copy claims, and they write them
    // when another call's span may be the active one.
    return {
      id,
      environment,
      operation: this.name,
      run: info.run,
      scope: info.scope,
      token: runtime.token(),
      leaseMs,
      // An attempt that waits for a verdict must not be retired before it got one. That it never
      // expires also tells it from one that the next call takes over.
      retentionMs: abandoned === 'reexecute' ? (retention.completed ?? tenYearsMs) : null,
      fingerprint,
      workflow,
      inputDigest,
      keyPreview: info.keyPreview,
      inputPreview: input ? inputPreview(() => select(input, given)) : undefined,
      traceparent: traceparentOf(instrumentation),
      abandoned: abandoned === 'reexecute' ? 'reexecute' : 'hold',
      formatVersion: RECORD_FORMAT,
    };
  }

  /** How its calls ask the store, which is the same for nearly all of them. */
  #detailsWith(instrumentation: Instrumentation | undefined): RequestDetails {
    if (!this.#details || this.#details.instrumentation !== instrumentation) {
      this.#details = { retirement: this.#policy.retirement, instrumentation };
    }
    return this.#details;
  }

  #identify(info: CallDetails, id: string, key: KeyText): void {
    info.id = id;
    const { input, keyPreview } = this.#selectors;
    if (input === false || this.#deployment.digestKey !== undefined) return;
    if (keyPreview === undefined) info.show(key.key, key.json);
    else info.keyPreview = keyPreview;
  }

  /** Everything of the record id but the key. */
  #locate(info: CallDetails, given: Given<Args>): Location {
    const { run: runOption = 0, scope: scopeOption } = this.#selectors;
    info.run =
      given.run ?? (typeof runOption === 'function' ? select(runOption, given) : runOption);
    const scope = typeof scopeOption === 'function' ? select(scopeOption, given) : scopeOption;
    if (scopeOption !== undefined && missingPart(scope) !== undefined) {
      throw missingScope(this.name);
    }
    info.scope = scope === undefined ? undefined : String(scope);
    return this.#locations.of(info.run, scope);
  }

  /** What runs without idempotency is known by the same names, but does not fail for want of them. */
  #identifyIfPossible(info: CallDetails, given: Given<Args>): void {
    try {
      const { prefix } = this.#locate(info, given);
      const key = this.#keyOf(given);
      if (this.#missing(key) === undefined) info.id = recordIdOfText(prefix, key.canonical);
    } catch {
      // It gets a random downstream key.
    }
  }

  #keyOf(given: Given<Args>): KeyText {
    const { key } = this.#selectors;
    return new KeyText(key ? select(key, given) : withoutOmitted(given.args));
  }

  /** Every part of a chosen key counts. In the argument list that stands in for one, null or blank text
   * is data; only that there are no arguments at all says nothing. */
  #missing(key: KeyText): string | undefined {
    if (this.#selectors.key) return key.missing;
    return (key.key as Args).length === 0 ? '' : undefined;
  }

  #isSwitchedOff(info: CallDetails): boolean {
    try {
      return isSwitchedOff();
    } catch (error) {
      throw ended(info, 'failed', error);
    }
  }

  #infoOf(args: Args): CallDetails {
    return new CallDetails(this.#common, args);
  }
}

function select<Args extends readonly unknown[], Value>(
  selector: (...args: Args) => Value,
  { args, self }: Given<Args>,
): Value {
  return Reflect.apply(selector, self, args);
}

/** The arguments without those left out at the end, which a caller may as well write as undefined. */
function withoutOmitted<Args extends readonly unknown[]>(args: Args): readonly unknown[] {
  let count = args.length;
  while (count > 0 && args[count - 1] === undefined) count -= 1;
  return count === args.length ? args : args.slice(0, count);
}

/** What operators see must not decide whether the work is done. */
function inputPreview(select: () => unknown): string {
  try {
    return previewOf(select(), inputPreviewBytes);
  } catch {
    return '<unreadable>';
  }
}
