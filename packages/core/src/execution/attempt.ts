import { notify } from '../instrumentation.ts';
import type { ForeignClaim } from '../options/adoption.ts';
import type { StoredRecord } from '../store.ts';
import type { Call } from './call.ts';
import { declaredLate, enclosingExecution } from './current-execution.ts';
import type { Deployment } from './deployment.ts';
import { downstreamKeyOf, downstreamUuidOf } from './downstream.ts';
import type { Flight } from './flights.ts';
import { HeldLease } from './held-lease.ts';
import type { CurrentExecution, NestedExecution } from './nested-execution.ts';
import { runInExecution } from './run-in-execution.ts';
import type { TimedAcquisition } from './store-requests.ts';

/** One attempt at a record that was acquired: its lease, and what the function sees of it. */
export class Attempt extends HeldLease implements NestedExecution {
  readonly parent: NestedExecution | undefined = enclosingExecution();
  readonly call: Call;
  isOver = false;
  steps: NestedExecution['steps'] = undefined;
  /** Of the call until the function runs, and of its span from then on, where it has one. */
  traceparent: string | undefined;
  /** What the function said to be the reason why nobody knows whether its effect happened. */
  declared: { readonly cause: unknown } | undefined = undefined;
  /** What was claimed along with it, among the records of another library. */
  elsewhere: ForeignClaim | undefined = undefined;
  readonly #acquired: StoredRecord;
  readonly #flight: Flight | undefined;
  #lossNoted = false;
  #shown: CurrentExecution | undefined = undefined;

  /** Whoever waits for it in this process waits for `flight`. */
  constructor(
    deployment: Deployment,
    call: Call,
    { acquisition, deadline }: TimedAcquisition,
    flight: Flight | undefined,
  ) {
    const { claim, details, info, policy } = call;
    const { record } = acquisition;
    super(deployment, claim, deadline, details, policy.heartbeat);
    this.call = call;
    this.traceparent = claim.traceparent;
    this.#acquired = record;
    this.#flight = flight;
    info.attempt = record.attempt;
    info.fence = record.fence;
    info.record = record;
  }

  get id(): string {
    return this.#acquired.id;
  }
  get operation(): string {
    return this.#acquired.operation;
  }
  get run(): number {
    return this.#acquired.run;
  }
  get scope(): string | undefined {
    return this.#acquired.scope;
  }
  get keyPreview(): string | undefined {
    return this.#acquired.keyPreview;
  }
  get fingerprint(): string | undefined {
    return this.#acquired.fingerprint;
  }
  get inputDigest(): string | undefined {
    return this.#acquired.inputDigest;
  }
  get shown(): CurrentExecution {
    const { id, operation, run, attempt, fence } = this.#acquired;
    this.#shown ??= {
      id,
      operation,
      run,
      attempt,
      fence,
      signal: this.signal,
      downstreamKey: downstreamKeyOf(id),
      // No getter: V8 makes a hidden class for each closure, which keeps all it refers to until a major collection.
      downstreamUuid: downstreamUuidOf(id),
      declareUnknown: (cause) => {
        if (this.isOver) throw declaredLate(operation, id);
        this.declared ??= { cause };
      },
    };
    return this.#shown;
  }

  noteOtherInput(): void {
    this.call.info.inputChanged = true;
  }

  /** Starts the function in this execution. Its result may be awaited anywhere. */
  begin<T>(run: () => T | Promise<T>): T | Promise<T> {
    const result = runInExecution(this, run);
    if (result instanceof Promise && result.constructor === Promise) return result;
    if (typeof (result as Partial<PromiseLike<T>> | undefined)?.then !== 'function') return result;
    // What is no plain promise may start its work when it is awaited, which is then a part of it, too.
    return runInExecution(this, async () => await result);
  }

  /** The function has ended: what it left running is told so. */
  end(): void {
    this.isOver = true;
    this.endSignal();
  }

  /** Tells once that the record is not, or may not be, this attempt's any more. */
  noteLoss(): void {
    if (this.#lossNoted) return;
    this.#lossNoted = true;
    const { info, instrumentation } = this.call;
    notify(() => instrumentation?.leaseLost?.(info));
  }

  protected override onLost(): void {
    this.noteLoss();
    // The function may go on for ever; what counts is now somewhere else.
    if (this.#flight) this.deployment.flights.land(this.#flight, undefined);
  }

  /** The record is completed. Nobody waits for what comes after, but for whoever ends the process. */
  tellCompleted(): void {
    if (!this.steps) return;
    const { lifecycle } = this.deployment;
    lifecycle.begin();
    void this.steps.retire().finally(() => lifecycle.end());
  }
}
