import type { HeaderList, PlainResponse } from './plain-response.ts';
import { type ProblemName, problemKinds } from './problem-kinds.ts';
import { isFinalStatus, isSendable } from './sendable.ts';

/** An answer that the layer gives itself. */
export interface Problem {
  readonly name: ProblemName;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Milliseconds after which asking again makes sense. */
  readonly retryAfterMs?: number | undefined;
  /** Core's error code, or the like of it. */
  readonly code: string;
  /** The record that it is about, for operators. */
  readonly recordId?: string | undefined;
}

/** What is said of one request beside what its kind says. */
export interface ProblemDetails {
  readonly detail?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly code?: string | undefined;
  readonly recordId?: string | undefined;
}

export function problemOf(name: ProblemName, details: ProblemDetails = {}): Problem {
  const kind = problemKinds[name];
  const { detail = kind.detail, code = kind.code, retryAfterMs, recordId } = details;
  return { ...kind, name, detail, code, retryAfterMs, recordId };
}

/** What a team's own `problem` answers: a Response, or its parts. */
export type ProblemAnswer =
  | Response
  | {
      readonly status?: number | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      /** Text or bytes as they are, or a value that is sent as JSON. */
      readonly body?: unknown;
    };

/** RFC 9457. */
export function standardAnswer(problem: Problem): PlainResponse {
  const { name, status, title, detail, code, recordId } = problem;
  const body = { type: `urn:twiceproof:problem:${name}`, title, status, detail, code, recordId };
  return {
    status,
    headers: [['content-type', 'application/problem+json'], ...retryAfter(problem)],
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** The team's own format. Status and `Retry-After` are the problem's where it says nothing else. Throws for what
 * no server can send. */
export async function ownAnswer(problem: Problem, given: ProblemAnswer): Promise<PlainResponse> {
  const { status, headers, body } =
    given instanceof Response
      ? {
          // 200 is what a Response says that was told nothing.
          status: given.status === 200 ? problem.status : given.status,
          headers: [...given.headers],
          body: new Uint8Array(await given.arrayBuffer()),
        }
      : partsOf(problem, given);
  if (!isFinalStatus(status)) throw new TypeError('its status is none from 200 to 599');
  if (!isSendable(headers)) throw new TypeError('it has a header that cannot be sent');
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const kept = retryAfter(problem).filter(([name]) => !names.has(name));
  return { status, headers: [...headers, ...kept], body };
}

function partsOf(problem: Problem, given: Exclude<ProblemAnswer, Response>): PlainResponse {
  const { status = problem.status, headers = {}, body } = given;
  const list = Object.entries(headers);
  const bytes = bytesOf(body);
  if (bytes) return { status, headers: list, body: bytes };
  const isTyped = list.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status,
    headers: isTyped ? list : [...list, ['content-type', 'application/json']],
    body: Buffer.from(JSON.stringify(body)),
  };
}

function bytesOf(body: unknown): Uint8Array | undefined {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body);
  return body instanceof Uint8Array ? body : undefined;
}

function retryAfter({ retryAfterMs }: Problem): HeaderList {
  if (retryAfterMs === undefined) return [];
  return [['retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1_000)))]];
}
