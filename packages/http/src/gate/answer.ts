import type { Settled } from '@twiceproof/core';
import type { HttpCall } from './http-call.ts';
import { httpDate } from './http-date.ts';
import type { Incoming } from './incoming.ts';
import type { HeaderList, PlainResponse } from './plain-response.ts';
import { ownAnswer, type Problem, problemOf, standardAnswer } from './problem.ts';
import { type RecordedResponse, responseOf } from './recorded-response.ts';
import { refusalOf } from './refusal.ts';
import type { Settings } from './settings.ts';

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

/** Without a promise where the record answers. */
export function answerOf<Req>(
  settings: Settings<Req>,
  { incoming, echo, produced }: HttpCall<Req>,
  settled: Settled<RecordedResponse>,
): Answer | Promise<Answer> {
  const { outcome, error, started, record } = settled;
  if (!('error' in settled)) {
    if (outcome !== 'executed' && started) return { kind: 'handled', headers: echo };
    const expiring = expires(echo, record?.expiresAt);
    if (started) return { kind: 'handled', headers: expiring };
    const response = responseOf(settled.value);
    if (response) {
      const { status, headers, body, content } = response;
      const all = [...headers, ...expiring, replayed];
      return { kind: 'instead', response: { status, headers: all, body, content } };
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

/** Answers with the team's own format, or with the default one where there is none, or where it fails. */
export async function problem<Req>(
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
