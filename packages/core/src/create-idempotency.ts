import { systemClock } from './clock.ts';
import { type Duration, durationMs } from './duration.ts';
import { Background } from './execution/background.ts';
import { DelayQueues } from './execution/delay-queue.ts';
import type { Deployment } from './execution/deployment.ts';
import { Flights } from './execution/flights.ts';
import { type Closed, Lifecycle } from './execution/lifecycle.ts';
import { Operation, type OperationExtras } from './execution/operation.ts';
import { keepShapes } from './execution/shapes.ts';
import { StoreRequests } from './execution/store-requests.ts';
import { newToken } from './execution/token.ts';
import { digestKeyOf, type Secret } from './key/digest.ts';
import { keyPrefix } from './key/record-id.ts';
import { type IdempotentMethod, methodDecorator } from './method.ts';
import { isSwitchedOff } from './options/disabled-switch.ts';
import { mergeOptions } from './options/merge-options.ts';
import { checkOperationName } from './options/operation-name.ts';
import { checkNames, invalidOption, shown } from './options/option-checks.ts';
import type {
  AnyArgs,
  ExecuteOptions,
  IdempotencyOptions,
  OperationOptions,
  Runtime,
  WrapOptions,
} from './options/options.ts';
import {
  checkCreationOptions,
  checkExecuteOptions,
  checkWrapOptions,
  policyOf,
} from './options/policy.ts';
import { isStore } from './options/store-check.ts';
import { checkWrappable } from './options/wrappable.ts';
import type { Records } from './records/records.ts';
import { recordsOf } from './records/records-on-demand.ts';
import { registeredInstrumentation } from './registered-instrumentation.ts';
import { type Settled, unmade } from './settled.ts';
import type { Store } from './store.ts';
import { inputDigestOf } from './workflow/input-digest.ts';
import type { Step } from './workflow/step.ts';
import { workflowFunction } from './workflow/workflow-function.ts';
import { type Execution, execution, type Wrapped, wrapped } from './wrapped.ts';
import type { ArgumentsOf, ResultOf, WrappedFunction } from './wrapped-function.ts';

/** What a platform team sets up once, and every team wraps its functions with. */
export interface Idempotency {
  /**
   * Makes a function safe to call twice.
   *
   * @example
   * ```ts
   * import type { Idempotency } from '@twiceproof/core';
   *
   * declare const idempotency: Idempotency;
   * const charge = idempotency.wrap(
   *   async (payment: { id: string; amount: number }) => ({ charged: payment.amount }),
   *   { operation: 'charge', key: (payment) => payment.id },
   * );
   * await charge({ id: 'p-1', amount: 10 });
   * ```
   */
  wrap<Fn extends CallableFunction>(
    fn: Fn,
    options: WrapOptions<ArgumentsOf<Fn>, ResultOf<Fn>>,
  ): WrappedFunction<Fn>;

  /** Executes `fn` once for the key that the options give. */
  execute<Value>(
    options: ExecuteOptions<NoInfer<Value>>,
    fn: () => Value | Promise<Value>,
  ): Promise<Execution<Value>>;

  /**
   * Executes `fn` once for the key that the options give, and tells what came of it. Never rejects:
   * not even for wrong options.
   *
   * @example
   * ```ts
   * import type { Idempotency } from '@twiceproof/core';
   *
   * declare const idempotency: Idempotency;
   * declare const message: { id: string; handle(): Promise<void>; ack(): void; retry(): void };
   * const { outcome, recorded } = await idempotency.settled(
   *   { operation: 'on-message', key: message.id },
   *   () => message.handle(),
   * );
   * const isDone = outcome === 'executed' || outcome === 'replayed' || recorded;
   * isDone ? message.ack() : message.retry();
   * ```
   */
  settled<Value>(
    options: ExecuteOptions<NoInfer<Value>>,
    fn: () => Value | Promise<Value>,
  ): Promise<Settled<Value>>;

  /**
   * Decorator: `wrap` for a method that answers a promise. Standard decorators and legacy ones
   * (`experimentalDecorators`, as Nest has them) are both taken; on anything but a method it throws where
   * the class is defined.
   *
   * @example
   * ```ts
   * import type { Idempotency } from '@twiceproof/core';
   *
   * declare const idempotency: Idempotency;
   * class Billing {
   *   @idempotency.method({ operation: 'refund', key: (payment: { id: string }) => payment.id })
   *   async refund(payment: { id: string }): Promise<string> {
   *     return `refunded ${payment.id}`;
   *   }
   * }
   * await new Billing().refund({ id: 'p-1' });
   * ```
   */
  method<Args extends readonly unknown[] = readonly unknown[]>(
    options: WrapOptions<Args>,
  ): IdempotentMethod<Args>;

  /**
   * Wraps a function of steps. When it failed and is called again, the steps that completed are
   * replayed, and their results feed the rest.
   */
  workflow<Input, Result>(
    fn: (input: Input, step: Step) => Result,
    options: WrapOptions<[input: NoInfer<Input>]>,
  ): Wrapped<unknown, [input: Input], Awaited<Result>>;

  /** What operators do: look at records, and change them. */
  readonly records: Records;

  /** The name of the store, e.g. `redis`; of stacked ones it ends with that of the authority. */
  readonly storeName: string;

  /** The same with other defaults: a preset that a team narrows further. */
  extend(options: Partial<IdempotencyOptions>): Idempotency;

  /**
   * Ends it, and what extends it, before the process ends. New calls are refused with `CLOSED`, but for
   * those that executions under way make. Executions and settlements are waited for until `timeout`
   * (default `'20s'`); then the signals of executions abort, waiting calls are refused, and those that
   * end by that have a second to be settled. The store stays open. Resolves to the ids of the records
   * that are left to the end of their leases.
   *
   * @example
   * ```ts
   * import type { Idempotency } from '@twiceproof/core';
   *
   * declare const idempotency: Idempotency;
   * process.once('SIGTERM', async () => {
   *   const { left } = await idempotency.close({ timeout: '20s' });
   *   process.exit(left.length === 0 ? 0 : 1);
   * });
   * ```
   */
  close(options?: CloseOptions): Promise<Closed>;

  /** `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Options of `close`. */
export interface CloseOptions {
  /** How long executions and settlements are waited for. Default `'20s'`. */
  readonly timeout?: Duration | undefined;
}

/**
 * Sets up idempotency for one environment on one store. Throws `OPTIONS_INVALID` naming the option
 * that is wrong.
 *
 * @example
 * ```ts
 * import { createIdempotency, type Store } from '@twiceproof/core';
 *
 * declare const store: Store;
 * const idempotency = createIdempotency({ environment: 'prod', store, retention: '7d' });
 * ```
 */
export function createIdempotency(options: IdempotencyOptions): Idempotency {
  return idempotencyOf(options, 'createIdempotency');
}

/** The options as a preset hands them on: with the secret taken over, whatever becomes of its bytes. */
interface PresetOptions extends Omit<IdempotencyOptions, 'keySecret'> {
  readonly keySecret?: Secret | undefined;
}

function idempotencyOf(given: PresetOptions, where: string, parent?: Lifecycle): Idempotency {
  if (typeof given !== 'object' || given === null) {
    throw invalidOption(`${where} was given ${shown(given)}; give { environment, store }`);
  }
  checkCreationOptions(given, where);
  const digestKey = given.keySecret === undefined ? undefined : digestKeyOf(given.keySecret);
  const options = { ...given, keySecret: digestKey };
  const { store } = options;
  checkStore(store);
  const deployment = deploymentOf(options, digestKey, parent);
  // A wrong default shows here, not in the first function that is wrapped.
  const policy = policyOf(options, store);
  isSwitchedOff();
  checkLocation(options);
  const operationOf = <Args extends readonly unknown[]>(
    own: WrapOptions<Args>,
    where: string,
    defaults: OperationOptions<AnyArgs> = options,
    more: OperationExtras = {},
  ): Operation<Args> => {
    checkOperationName(own?.operation);
    checkWrapOptions(own, where);
    const merged = mergeOptions(defaults, own) as OperationOptions<Args>;
    const policy = policyOf(merged as OperationOptions, store);
    return new Operation(deployment, own.operation, policy, { ...merged, ...more });
  };
  const { key: _key, fingerprint: _fingerprint, input, ...others } = options;
  const defaultsOfExecute = input === false ? { ...others, input } : others;
  const onceOperationOf = (own: ExecuteOptions, fn: unknown, where: string): Operation<[]> => {
    checkOperationName(own?.operation);
    checkExecuteOptions(own, where);
    checkWrappable(fn, where);
    return operationOf<[]>(selectorsOf(own), where, defaultsOfExecute, { isOfOneCall: true });
  };

  const close: Idempotency['close'] = (own = {}) => {
    checkNames(own, ['timeout'], 'close');
    return deployment.lifecycle.close(durationMs(own.timeout ?? '20s', 'close: timeout'));
  };

  return {
    wrap: (fn, own) => {
      checkWrappable(fn, 'wrap');
      return wrapped(operationOf(own, 'wrap') as never, fn as never) as never;
    },
    execute: async (own, fn) => {
      const operation = onceOperationOf(own, fn, 'execute');
      return await operation.answer({ args: [], signal: own.signal }, fn, execution);
    },
    settled: async (own, fn) => {
      let operation: Operation<[]>;
      try {
        operation = onceOperationOf(own, fn, 'settled');
      } catch (error) {
        return unmade(error);
      }
      return operation.settled({ args: [], signal: own.signal }, fn);
    },
    method: (own) => {
      const operation = operationOf(own, 'method');
      return methodDecorator(operation as never) as never;
    },
    workflow: (fn, own) => {
      checkWrappable(fn, 'workflow');
      const operation = operationOf(own, 'workflow', options, {
        inputDigest: (...input) => inputDigestOf(input, digestKey),
      });
      const { adopt: _adopt, verdict: _verdict, maxDuration: _maxDuration, ...forSteps } = own;
      const defaults = mergeOptions(options, forSteps) as OperationOptions;
      const run = workflowFunction(deployment, own.operation, defaults, fn);
      return wrapped(operation as never, run) as never;
    },
    storeName: store.name,
    records: recordsOf(deployment, policy),
    extend: (narrower) => {
      checkCreationOptions(narrower, 'extend');
      return idempotencyOf(mergeOptions(options, narrower), 'extend', deployment.lifecycle);
    },
    close,
    [Symbol.asyncDispose]: async () => void (await close()),
  };
}

// Two deployments on one store share what is going on in this process.
const flightsOfStores = new WeakMap<Store, Flights>();

function deploymentOf(
  options: PresetOptions,
  digestKey: Deployment['digestKey'],
  parent: Lifecycle | undefined,
): Deployment {
  const { environment, store, instrumentation, storeTimeout = '5s' } = options;
  if (typeof environment !== 'string' || environment.trim() === '') {
    throw invalidOption(
      `environment is ${shown(environment)}; give the deployment that the records belong to, e.g. 'prod'`,
    );
  }
  keepShapes();
  const machine: Runtime = { clock: systemClock, token: newToken, random: Math.random };
  const { runtime: own = {} } = options;
  checkNames(own, Object.keys(machine), 'runtime');
  const runtime = mergeOptions(machine, own);
  const delays = new DelayQueues(runtime.clock);
  const lifecycle = new Lifecycle(runtime.clock, parent);
  const background = new Background(runtime.clock, runtime.random, lifecycle);
  const timeoutMs = durationMs(storeTimeout, 'storeTimeout');
  const flights = flightsOfStores.get(store) ?? new Flights();
  flightsOfStores.set(store, flights);
  return {
    environment,
    digestKey,
    requests: new StoreRequests(store, runtime, delays.of(timeoutMs), timeoutMs, background),
    lifecycle,
    background,
    flights,
    delays,
    runtime,
    instrumentation: instrumentation ? () => instrumentation : registeredInstrumentation,
  };
}

function checkStore(store: unknown): void {
  if (isStore(store)) return;
  throw invalidOption(
    `store is ${shown(store)}; give a store, e.g. memoryStore() of @twiceproof/memory`,
  );
}

/** Everything of a record id that is known before there is an operation. */
function checkLocation({ environment, run = 0, scope }: PresetOptions): void {
  keyPrefix({
    environment,
    operation: 'any',
    run: typeof run === 'function' ? 0 : run,
    scope: typeof scope === 'function' ? undefined : scope,
  });
}

/** The options of `execute`, as those of a function without arguments. */
function selectorsOf({
  key,
  fingerprint,
  input,
  signal: _signal,
  ...rest
}: ExecuteOptions): WrapOptions<[]> {
  return {
    ...rest,
    key: selectorOf(key),
    ...(fingerprint === undefined ? {} : { fingerprint: selectorOf(fingerprint) }),
    ...(input === undefined ? {} : { input: input === false ? false : selectorOf(input) }),
  };
}

/** What `execute` is given as a value, or as a function that gives it. */
function selectorOf<Value>(given: Value | (() => Value)): () => Value {
  return typeof given === 'function' ? (given as () => Value) : () => given;
}
