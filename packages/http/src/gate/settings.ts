import { checkCount, checkFunction, checkSwitch, invalidOption } from '@twiceproof/core/toolkit';
import type { CoreOptions, HttpOptions, ProducedResponse } from './options.ts';
import { recordedNames } from './response-headers.ts';
import { token } from './sendable.ts';

/** The options, checked and complete. */
export interface Settings<Req> {
  readonly options: HttpOptions<Req>;
  readonly required: boolean;
  /** In the spelling that answers have. */
  readonly headerName: string;
  /** In lower case, as it is looked up. */
  readonly header: string;
  readonly methods: ReadonlySet<string>;
  readonly isRecorded: (response: ProducedResponse) => boolean;
  readonly recordedNames: ReadonlySet<string>;
  readonly maxBodyBytes: number;
  readonly maxRequestBytes: number;
  /** What is handed on to core as it is. */
  readonly core: CoreOptions;
}

// What no record can hold needs not be collected.
const largestBody = 64 * 1024 * 1024;
const passing: ReadonlySet<number> = new Set([408, 409, 425, 429]);

export function settingsOf<Req>(options: HttpOptions<Req>, where: string): Settings<Req> {
  if (typeof options !== 'object' || options === null) {
    throw invalidOption(`${where} needs options; give { idempotency, scope, … }`);
  }
  const {
    idempotency,
    operation: _operation,
    scope,
    required = true,
    header = 'Idempotency-Key',
    methods = ['POST', 'PATCH'],
    fingerprint,
    record,
    headers,
    maxBodyBytes = largestBody,
    maxRequestBytes = 1024 * 1024,
    problem,
    run: _run,
    input,
    attributes,
    ...core
  } = options;
  if (typeof idempotency?.wrap !== 'function') {
    throw invalidOption(`${where} needs idempotency; give what createIdempotency() answers`);
  }
  if (scope !== 'public' && typeof scope !== 'function') {
    throw invalidOption(
      `${where} needs scope, or tenants would meet; give a function of the request that names its principal, or 'public' to waive it`,
    );
  }
  for (const name of ['key', 'missingKey']) {
    if (name in core) throw invalidOption(`${where} takes no ${name}; the header is the key`);
  }
  checkSwitch(required, 'required');
  if (typeof header !== 'string' || !token.test(header)) {
    throw invalidOption('header is no name of a header; give one such as Idempotency-Key');
  }
  for (const [name, value] of Object.entries({ fingerprint, record, problem, attributes })) {
    checkFunction(value, name);
  }
  checkCount(maxBodyBytes, 'maxBodyBytes');
  checkCount(maxRequestBytes, 'maxRequestBytes');
  if (input !== undefined && input !== false && typeof input !== 'function') {
    throw invalidOption('input is neither a function of the request nor false');
  }
  return {
    options,
    required,
    headerName: header,
    header: header.toLowerCase(),
    methods: methodsOf(methods),
    isRecorded: record ?? isRecordedByDefault,
    recordedNames: recordedNames(listOf(headers), header.toLowerCase()),
    maxBodyBytes,
    maxRequestBytes,
    core,
  };
}

export function isRecordedByDefault({ status }: Pick<ProducedResponse, 'status'>): boolean {
  return status >= 200 && status < 500 && !passing.has(status);
}

function methodsOf(methods: readonly string[]): ReadonlySet<string> {
  const list = listOf(methods);
  if (!list || list.length === 0) {
    throw invalidOption('methods names none; give those that take a key, e.g. POST and PATCH');
  }
  return new Set(list.map((method) => method.toUpperCase()));
}

function listOf(names: readonly string[] | undefined): readonly string[] | undefined {
  if (names === undefined) return undefined;
  if (Array.isArray(names) && names.every((name) => typeof name === 'string' && token.test(name))) {
    return names;
  }
  throw invalidOption('headers and methods are lists of names; give an array of them');
}
