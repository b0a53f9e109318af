import type { IdempotencyError, KeyValue, Settled } from '@twiceproof/core';
import { invalidOption, settledAtOnce } from '@twiceproof/core/toolkit';
import { type Answer, answerOf, problem } from './answer.ts';
import { BodyRefused } from './body-refused.ts';
import { defaultFingerprint, partsOf, receivedBody } from './fingerprint.ts';
import type { HttpCall, Run } from './http-call.ts';
import type { Incoming } from './incoming.ts';
import { readKey } from './key.ts';
import { operations } from './operations.ts';
import type { HttpOptions, Scope } from './options.ts';
import { type Problem, problemOf } from './problem.ts';
import type { RecordedResponse } from './recorded-response.ts';
import { ServerFaults } from './server-faults.ts';
import { settingsOf } from './settings.ts';

/** The layer, knowing nothing of a framework. */
export interface Gate<Req> {
  readonly maxBodyBytes: number;
  /** Whether requests with this method can have a key at all. */
  takes(method: string): boolean;
  /** The first step: what the request says, or its answer where that is all it takes. */
  receive(incoming: Incoming<Req>): Promise<HttpCall<Req> | Answer>;
  /** The second step: without a promise where the record is at hand. Never rejects. */
  settle(call: HttpCall<Req>, run: Run): Outcome | Promise<Outcome>;
  /** The last step: what is answered to that. Without a promise where the record answers. */
  answerOf(call: HttpCall<Req>, outcome: Outcome): Answer | Promise<Answer>;
}

/** What came of a call. */
type Outcome = Settled<RecordedResponse>;

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

  const receive: Gate<Req>['receive'] = async (incoming) => {
    const key = readKey(incoming.header(header));
    if (key === 'missing' && !required) return { kind: 'untouched' };
    if (key === 'missing' || key === 'invalid') {
      return problem(settings, incoming, keyProblem(key, settings.headerName));
    }
    const { scope: givenScope } = options;
    const scope = givenScope === 'public' ? givenScope : named(await givenScope(incoming.request));
    if (scope === undefined) {
      tellOfScope(operationName(options, incoming));
      return problem(settings, incoming, problemOf('scope-missing'));
    }
    let fingerprint: KeyValue;
    try {
      if (options.fingerprint) {
        fingerprint = await options.fingerprint(incoming.request);
      } else {
        const body = receivedBody(incoming, maxRequestBytes);
        const digest = defaultFingerprint(incoming, body instanceof Promise ? await body : body);
        // Nearly always text, which needs no turn of its own.
        fingerprint = typeof digest === 'string' ? digest : await digest;
      }
    } catch (error) {
      if (!(error instanceof BodyRefused)) throw error;
      return problem(settings, incoming, problemOf(error.problem));
    }
    return {
      key: key.key,
      echo: [[settings.headerName, key.received]],
      scope,
      fingerprint,
      incoming,
      run: undefined,
      produced: undefined,
    };
  };

  return {
    maxBodyBytes,
    takes: (method) => methods.has(method),
    receive,
    settle(call, run) {
      call.run = run;
      return settledAtOnce(operationOf(operationName(options, call.incoming)), call);
    },
    answerOf(call, outcome) {
      faults.look(outcome);
      return answerOf(settings, call, outcome);
    },
  };
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
