import { checkCompression } from '../codec/compress.ts';
import { keyringOf } from '../codec/keyring.ts';
import { typesOf } from '../codec/type-codec.ts';
import { durationMs } from '../duration.ts';
import type { OutcomeLayers } from '../execution/outcome-layers.ts';
import { kinds } from '../node-modules.ts';
import type { Store } from '../store.ts';
import { unknownIfAmbiguous } from '../unknown/unknown-if-ambiguous.ts';
import type { Offload } from './offload.ts';
import {
  checkCount,
  checkFunction,
  checkNames,
  checkOneOf,
  checkSignal,
  invalidOption,
  shown,
} from './option-checks.ts';
import type { ExecuteOptions, OperationOptions } from './options.ts';
import { type KeptFor, retentionOf } from './retention.ts';

/** The options of one operation, checked and in milliseconds. */
export interface Policy {
  readonly missingKey: 'reject' | 'execute';
  readonly retention: KeptFor;
  readonly retirement: 'on' | 'paused';
  readonly leaseMs: number;
  readonly heartbeat: boolean;
  /** `waitMs` is Infinity for a wait without bound. */
  readonly inProgress: 'reject' | { readonly waitMs: number };
  readonly abandoned: NonNullable<OperationOptions['abandoned']>;
  readonly failure: NonNullable<OperationOptions['failure']>;
  readonly verdict: OperationOptions['verdict'];
  readonly maxDurationMs: number | null;
  readonly storeOutage: 'reject' | 'execute';
  readonly result: 'keep' | 'omit';
  readonly maxResultBytes: number;
  readonly layers: OutcomeLayers;
  readonly enabled: boolean | 'shadow';
}

const operationOptionNames = [
  'key',
  'missingKey',
  'run',
  'scope',
  'fingerprint',
  'input',
  'attributes',
  'retention',
  'retirement',
  'lease',
  'heartbeat',
  'inProgress',
  'abandoned',
  'failure',
  'verdict',
  'maxDuration',
  'storeOutage',
  'maxResultBytes',
  'oversized',
  'compress',
  'result',
  'types',
  'encrypt',
  'enabled',
] as const satisfies readonly Exclude<keyof OperationOptions, 'adopt'>[];

const creationOptionNames = [
  ...operationOptionNames,
  'environment',
  'store',
  'instrumentation',
  'storeTimeout',
  'keySecret',
  'runtime',
];

export function checkCreationOptions(options: object, where: string): void {
  checkNames(options, creationOptionNames, where);
  checkSelectors(options, where);
}

export function checkWrapOptions(options: object, where: string): void {
  checkNames(options, ['operation', 'adopt', ...operationOptionNames], where);
  checkSelectors(options, where);
}

export function checkExecuteOptions(options: ExecuteOptions, where: string): void {
  checkNames(options, ['operation', 'adopt', 'signal', ...operationOptionNames], where);
  checkSignal(options.signal, `${where}: signal`);
  if (!('key' in options)) {
    throw invalidOption(`${where} needs a key; give what identifies the work, e.g. key: order.id`);
  }
}

function checkSelectors(options: OperationOptions, where: string): void {
  checkFunction(options.key, `${where}: key`);
  checkFunction(options.fingerprint, `${where}: fingerprint`);
  if (options.input !== false) checkFunction(options.input, `${where}: input`);
  checkFunction(options.attributes, `${where}: attributes`);
  checkFunction(options.adopt, `${where}: adopt`, 'the call');
}

/** Checks every option's value; throws `OPTIONS_INVALID` naming the first that is wrong. */
export function policyOf(options: OperationOptions, store: Store): Policy {
  const {
    missingKey = 'reject',
    retention = '24h',
    retirement = 'on',
    lease = '30s',
    heartbeat = true,
    abandoned = 'reexecute',
    failure = abandoned === 'reexecute' ? 'release' : unknownIfAmbiguous,
    storeOutage = 'reject',
    oversized = 'omit',
    compress,
    result = 'keep',
    types,
    enabled = true,
  } = options;
  checkOneOf(missingKey, ['reject', 'execute'], 'missingKey');
  checkOneOf(retirement, ['on', 'paused'], 'retirement');
  checkOneOf(heartbeat, [true, false], 'heartbeat');
  checkOneOf(result, ['keep', 'omit'], 'result');
  checkOneOf(storeOutage, ['reject', 'execute'], 'storeOutage');
  checkOneOf(enabled, [true, false, 'shadow'], 'enabled');
  if (typeof abandoned !== 'function') checkOneOf(abandoned, ['reexecute', 'hold'], 'abandoned');
  if (typeof failure !== 'function') {
    checkOneOf(failure, ['release', 'record', 'unknown'], 'failure');
  }
  if (kinds.isAsyncFunction(failure)) {
    throw invalidOption(
      "failure is an async function; answer synchronously, 'release', 'record' or 'unknown'",
    );
  }
  checkFunction(options.verdict, 'verdict', 'the result');
  if (kinds.isAsyncFunction(options.verdict)) {
    throw invalidOption(
      "verdict is an async function; answer synchronously, 'record', 'release' or 'unknown'",
    );
  }
  const { maxDuration = false } = options;
  return {
    missingKey,
    retention: retentionOf(retention),
    retirement,
    leaseMs: durationMs(lease, 'lease'),
    heartbeat,
    inProgress: inProgressOf(options.inProgress),
    abandoned,
    failure,
    verdict: options.verdict,
    maxDurationMs: maxDuration === false ? null : durationMs(maxDuration, 'maxDuration'),
    storeOutage,
    result,
    maxResultBytes: maxResultBytesOf(options.maxResultBytes, store),
    layers: {
      compression:
        compress === undefined || compress === false ? undefined : checkCompression(compress),
      keyring: options.encrypt && keyringOf(options.encrypt),
      offload: offloadOf(oversized),
      types: typesOf(types),
    },
    enabled,
  };
}

function inProgressOf(option: OperationOptions['inProgress'] = 'reject'): Policy['inProgress'] {
  if (typeof option === 'object' && option !== null) {
    checkNames(option, ['wait'], 'inProgress');
    return { waitMs: durationMs(option.wait, 'inProgress.wait') };
  }
  checkOneOf(option, ['reject', 'wait'], 'inProgress');
  return option === 'wait' ? { waitMs: Number.POSITIVE_INFINITY } : 'reject';
}

function offloadOf(oversized: 'omit' | Offload): Offload | undefined {
  if (typeof oversized !== 'object' || oversized === null) {
    checkOneOf(oversized, ['omit'], 'oversized');
    return undefined;
  }
  for (const method of ['put', 'get', 'delete'] as const) {
    if (typeof oversized[method] === 'function') continue;
    throw invalidOption(
      `oversized.${method} is ${shown(oversized[method])}; give 'omit', or an offload { put, get, delete }`,
    );
  }
  return oversized;
}

function maxResultBytesOf(bytes: number | undefined, store: Store): number {
  if (bytes === undefined) return store.limits.maxRecordBytes;
  checkCount(bytes, 'maxResultBytes');
  return Math.min(bytes, store.limits.maxRecordBytes);
}
