import type { IdempotencyError, KeyValue, Settled } from '@twiceproof/core';
import { invalidOption } from '@twiceproof/core/toolkit';
import { BodyRefused } from './body-refused.ts';
import { defaultFingerprint, partsOf } from './fingerprint.ts';
import { httpDate } from './http-date.ts';
import type { Incoming } from './incoming.ts';
import { readKey } from './key.ts';
import { type HttpCall, operations, type Produced } from './operations.ts';
import type { HttpOptions, Scope } from './options.ts';
import type { HeaderList, PlainResponse } from './plain-response.ts';
import { ownAnswer, type Problem, problemOf, standardAnswer } from './problem.ts';
import { type RecordedResponse, responseIn } from './recorded-response.ts';
import { refusalOf } from './refusal.ts';
import { ServerFaults } from './server-faults.ts';
import { type Settings, settingsOf } from './settings.ts';

/** What becomes of a request. An error of the team's own rejects instead, for the framework to answer. */
export type Answer =
  /** The handler is to run as if there were no layer. */
  | { readonly kind: 'untouched' }
  /** The handler has run: its own response, and these headers. */
  | { readonly kind: 'handled'; readonly headers: HeaderList }
  /** A recorded response or a problem, in place of what the handler produced, if it ran. */
  | {
      readonly kind: 'instead';
      readonly response: PlainResponse;
      /** What the response tells of, where it is not a recorded one. */
      readonly problem?: Problem;
    };

/** The layer, knowing nothing of a framework. */
export interface Gate<Req> {
  readonly maxBodyBytes: number;
  /** Whether requests with this method can have a key at all. */
  takes(method: string): boolean;
  /**
   * Answers one request. `run` starts the handler and resolves to what it produced, once all of it is
   * there; it is given the headers that are added to a response which has to leave earlier.
   */
  answer(incoming: Incoming<Req>, run: (early: HeaderList) => Promise<Produced>): Promise<Answer>;
}

/** Checks the options; throws `OPTIONS_INVALID` naming the one that is wrong. */
export function gateOf<Req>(options: HttpOptions<Req>, where = 'idempotencyKey'): Gate<Req> {
  const settings = settingsOf(options, where);
  const { methods, maxBodyBytes, maxRequestBytes, header, required } = settings;
  const operationOf = operations(settings);
  // A wrong option shows here, not in the first request.
  operationOf(options.operation ?? 'any');
  const faults = new ServerFaults();
  let isScopeTold = false;
  const tellOfScope = (operation: string): void => {
    if (isScopeTold) return;
    isScopeTold = true;
    console.error(scopeMissing(where, operation));
  };

  return {
    maxBodyBytes,
    takes: (method) => methods.has(method),
    async answer(incoming, run) {
      const key = readKey(incoming.header(header));
      if (key === 'missing' && !required) return { kind: 'untouched' };
      if (key === 'missing' || key === 'invalid') {
        return problem(settings, incoming, keyProblem(key, settings.headerName));
      }
      const { scope: givenScope } = options;
      const scope =
        givenScope === 'public' ? givenScope : named(await givenScope(incoming.request));
      if (scope === undefined) {
        tellOfScope(operationName(options, incoming));
        return problem(settings, incoming, problemOf('scope-missing'));
      }
      let fingerprint: KeyValue;
      try {
        fingerprint = await (options.fingerprint
          ? options.fingerprint(incoming.request)
          : defaultFingerprint(incoming, maxRequestBytes));
      } catch (error) {
        if (!(error instanceof BodyRefused)) throw error;
        return problem(settings, incoming, problemOf(error.problem));
      }
      const echo: HeaderList = [[settings.headerName, key.received]];
      const call: HttpCall<Req> = {
        key: key.key,
        scope,
        fingerprint,
        incoming,
        run: () => run(echo),
        produced: undefined,
      };
      const settled = await operationOf(operationName(options, incoming)).settled(call);
      faults.look(settled);
      return answerOf(settings, incoming, echo, call, settled);
    },
  };
}

/** Without a promise where the record answers. */
function answerOf<Req>(
  settings: Settings<Req>,
  incoming: Incoming<Req>,
  echo: HeaderList,
  { produced }: HttpCall<Req>,
  settled: Settled<RecordedResponse>,
): Answer | Promise<Answer> {
  const { outcome, error, started, record } = settled;
  if (!('error' in settled)) {
    if (outcome !== 'executed' && started) return { kind: 'handled', headers: echo };
    const expiring = expires(echo, record?.expiresAt);
    if (started) return { kind: 'handled', headers: expiring };
    const response = responseIn(settled.value);
    if (response) {
      const { status, headers, body } = response;
      const all = [...headers, ...expiring, replayed];
      return { kind: 'instead', response: { status, headers: all, body } };
    }
    const omitted = problemOf('result-omitted', { recordId: record?.id });
    return problem(settings, incoming, omitted);
  }
  const refusal = refusalOf(settled, produced !== undefined);
  if (refusal) return problem(settings, incoming, refusal);
  if (started && produced && !produced.broken) return { kind: 'handled', headers: echo };
  throw produced?.broken ? produced.broken.error : error;
}

const replayed = ['Idempotent-Replayed', 'true'] as const;

function expires(echo: HeaderList, expiresAt: number | undefined): HeaderList {
  return expiresAt === undefined ? echo : [...echo, ['Idempotency-Expires', httpDate(expiresAt)]];
}

/** Names the header: the client reads nothing else of this server's. */
function keyProblem(key: 'missing' | 'invalid', header: string): Problem {
  const detail =
    key === 'missing'
      ? `This operation requires an idempotency key. Send one in the header ${header}, and the same one with every retry.`
      : `The header ${header} must be sent once, with an idempotency key of 1 to 255 visible ASCII characters.`;
  return problemOf(`key-${key}`, { detail });
}

/** Undefined and null name nobody, and neither does blank text. */
function named(scope: Scope | null | undefined): Scope | undefined {
  return typeof scope === 'string' && scope.trim() === '' ? undefined : (scope ?? undefined);
}

/** For whoever runs the server: the client can do nothing about it. */
function scopeMissing(where: string, operation: string): IdempotencyError {
  return invalidOption(
    `option scope of ${where} answered null, undefined or blank text for a request of '${operation}', which was refused; give a function that names the principal of every request, or put authentication before it`,
  );
}

function operationName<Req>(options: HttpOptions<Req>, incoming: Incoming<Req>): string {
  if (options.operation !== undefined) return options.operation;
  const { method, route, target } = incoming;
  return `${method} ${route ?? partsOf(target).path}`;
}

/** Answers with the team's own format, or with the default one where there is none, or where it fails. */
async function problem<Req>(
  { options }: Settings<Req>,
  { request }: Incoming<Req>,
  told: Problem,
): Promise<Answer> {
  const kind = 'instead';
  if (options.problem) {
    try {
      const response = await ownAnswer(told, await options.problem(told, request));
      return { kind, response, problem: told };
    } catch (error) {
      const why = error instanceof Error ? `${error.name}: ${error.message}` : 'it threw no Error';
      console.error(`Twiceproof: problem failed for ${told.name}, so the default was sent. ${why}`);
    }
  }
  return { kind, response: standardAnswer(told), problem: told };
}
