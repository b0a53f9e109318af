import {
  type Adoption,
  type Execution,
  type Idempotency,
  IdempotencyError,
  type WrapOptions,
} from '@twiceproof/core';
import { checkIdempotency, nodeCrypto } from '@twiceproof/core/toolkit';
import { powertools } from './adoption.ts';
import type { OldPlace, PowertoolsOptions } from './adoption-options.ts';
import { lambdaName } from './identity/lambda-name.ts';
import { type JmesPathFunctions, select } from './identity/select.ts';
import { typescriptText } from './identity/typescript-text.ts';
import { type PowertoolsConfig, replayedRecord } from './powertools-config.ts';

/** Old records that `makeIdempotent` adopts; what they are called follows from its other options. */
export type MakeIdempotentAdoption = OldPlace &
  Pick<PowertoolsOptions<readonly unknown[]>, 'lambda' | 'belongsTo' | 'alongside'>;

/** Options of `makeIdempotent`. */
export interface MakeIdempotentOptions {
  /** The engine, in place of `persistenceStore`. */
  readonly idempotency: Idempotency;
  /** The stable name of the function. Default: the key prefix, or else the Lambda's name and the function's. */
  readonly operation?: string | undefined;
  /** An `IdempotencyConfig` of Powertools, or an object with the same options. */
  readonly config?: PowertoolsConfig | undefined;
  /** As Powertools has it. */
  readonly keyPrefix?: string | undefined;
  /** Which argument is hashed. Default 0; always 0 for a Lambda handler. */
  readonly dataIndexArgument?: number | undefined;
  /** Old records to adopt. Default: none. */
  readonly adopt?: MakeIdempotentAdoption | undefined;
}

type AnyFunction = (...args: never) => unknown;

/** The function as it was, but always a promise. */
export type MadeIdempotent<Fn extends AnyFunction> = (
  this: ThisParameterType<Fn>,
  ...args: Parameters<Fn>
) => Promise<Awaited<ReturnType<Fn>>>;

/**
 * `makeIdempotent` of AWS Powertools on Twiceproof: the same options, but for the engine that takes the
 * place of `persistenceStore`. Two functions of one Lambda never share a record. Called as a Lambda
 * handler, its lease is what is left of the invocation; elsewhere it is the engine's.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` for wrong options, and for a function without a name.
 *
 * @example
 * ```ts
 * import type { Idempotency } from '@twiceproof/core';
 * import { makeIdempotent } from '@twiceproof/powertools';
 *
 * declare const idempotency: Idempotency;
 * async function charge(order: { id: string }): Promise<string> {
 *   return `charged ${order.id}`;
 * }
 * export const chargeOnce = makeIdempotent(charge, {
 *   idempotency,
 *   config: { eventKeyJmesPath: 'id', expiresAfterSeconds: 86_400 },
 * });
 * ```
 */
export function makeIdempotent<Fn extends AnyFunction>(
  fn: Fn,
  options: MakeIdempotentOptions,
): MadeIdempotent<Fn> {
  const { idempotency, config = {} } = options;
  checkIdempotency(idempotency, 'makeIdempotent');
  const wrapOptions = wrapOptionsOf(fn, options);
  const run = fn as unknown as (...args: readonly unknown[]) => unknown;
  const elsewhere = idempotency.wrap(run, wrapOptions);
  const made = async function made(this: unknown, ...args: readonly unknown[]): Promise<unknown> {
    const remainingMs = remainingMsOf(args[1]);
    const once =
      remainingMs === undefined
        ? elsewhere
        : // Powertools' lease: the invocation cannot outlive it.
          idempotency.wrap(run, { ...wrapOptions, lease: remainingMs, heartbeat: false });
    if (!config.responseHook) return Reflect.apply(once, this, args);
    // Called through `execute`, a function does not get the caller's `this`.
    const bound = idempotency.wrap(run.bind(this), {
      ...wrapOptions,
      ...(remainingMs !== undefined && { lease: remainingMs, heartbeat: false }),
    });
    const execution: Execution<unknown> = await bound.execute(...args);
    if (execution.outcome !== 'replayed') return execution.value;
    return config.responseHook(execution.value as never, replayedRecord(execution) as never);
  };
  Object.defineProperties(made, { name: { value: fn.name }, length: { value: fn.length } });
  return made as MadeIdempotent<Fn>;
}

function wrapOptionsOf(
  fn: AnyFunction,
  options: MakeIdempotentOptions,
): WrapOptions<readonly unknown[]> {
  const { config = {}, keyPrefix, adopt } = options;
  const {
    eventKeyJmesPath = '',
    payloadValidationJmesPath,
    throwOnNoIdempotencyKey = false,
    expiresAfterSeconds = 3_600,
    hashFunction = 'md5',
  } = config;
  const functions = functionsOf(config);
  const payloadOf = (args: readonly unknown[]): unknown =>
    args[remainingMsOf(args[1]) === undefined ? (options.dataIndexArgument ?? 0) : 0];
  const keyOf = (...args: readonly unknown[]): unknown =>
    eventKeyJmesPath === ''
      ? payloadOf(args)
      : select(eventKeyJmesPath, payloadOf(args), functions);
  const validationOf =
    payloadValidationJmesPath === undefined
      ? undefined
      : (...args: readonly unknown[]): unknown =>
          select(payloadValidationJmesPath, payloadOf(args), functions);
  const adoption: Adoption<readonly unknown[]> | undefined =
    adopt &&
    powertools<readonly unknown[]>({
      ...adopt,
      language: 'typescript',
      keyPrefix,
      key: keyOf,
      validation: validationOf,
      hashFunction,
      expiresAfterSeconds,
    } as PowertoolsOptions<readonly unknown[]>);
  return {
    operation: operationOf(fn, options),
    key: (...args) => {
      const key = keyOf(...args);
      return isMissing(key) ? undefined : digestOf(key);
    },
    missingKey: throwOnNoIdempotencyKey ? 'reject' : 'execute',
    retention: expiresAfterSeconds * 1_000,
    ...(validationOf && { fingerprint: (...args) => digestOf(validationOf(...args)) }),
    ...(config.isEnabled?.() === false && { enabled: false }),
    ...(adoption && { adopt: adoption }),
  };
}

function operationOf(fn: AnyFunction, { operation, keyPrefix }: MakeIdempotentOptions): string {
  if (operation !== undefined) return operation;
  if (keyPrefix?.trim()) return keyPrefix.trim();
  if (fn.name.trim() === '') {
    throw invalid('the function has no name; give it one, or an operation, or a keyPrefix');
  }
  const lambda = lambdaName();
  return lambda ? `${lambda}.${fn.name}` : fn.name;
}

/** An `IdempotencyConfig` has them one level deeper than its options do. */
function functionsOf({ jmesPathOptions }: PowertoolsConfig): JmesPathFunctions | undefined {
  if (!jmesPathOptions) return undefined;
  return 'customFunctions' in jmesPathOptions
    ? jmesPathOptions.customFunctions
    : (jmesPathOptions as JmesPathFunctions);
}

/** Nothing was found, or nothing in all places where it was looked for. */
function isMissing(key: unknown): boolean {
  if (key === null || key === undefined) return true;
  if (typeof key !== 'object') return false;
  return Object.values(key).every((part) => part === null || part === undefined);
}

/** Nothing of the payload is shown to operators. */
function digestOf(value: unknown): string {
  const text = typescriptText(value) as string | undefined;
  return nodeCrypto()
    .createHash('sha256')
    .update(text ?? 'undefined')
    .digest('base64url');
}

function remainingMsOf(context: unknown): number | undefined {
  const { lambdaContext = context } = (context ?? {}) as { readonly lambdaContext?: unknown };
  const { getRemainingTimeInMillis } = (lambdaContext ?? {}) as {
    readonly getRemainingTimeInMillis?: unknown;
  };
  if (typeof getRemainingTimeInMillis !== 'function') return undefined;
  return Math.max(
    1,
    Math.floor(Number(Reflect.apply(getRemainingTimeInMillis, lambdaContext, []))),
  );
}

function invalid(message: string): IdempotencyError {
  return new IdempotencyError('OPTIONS_INVALID', `makeIdempotent: ${message}`);
}
