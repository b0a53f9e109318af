import { noteServerTime } from '../text/server-clock.ts';
import type { RefusalAnswer } from '../wire.ts';
import { Fault, isAborted } from './fault.ts';
import { csrfToken, signedIn } from './session.ts';

export type Params = Readonly<Record<string, string | undefined>>;

/** Asks the server. Throws a {@link Fault}. */
export function ask<Answer>(
  path: string,
  params: Params = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value) query.set(name, value);
  const text = query.toString();
  return send(`/api/${path}${text && `?${text}`}`, { signal: signal ?? null });
}

/** Has the server do something. Throws a {@link Fault}. */
export function act<Answer>(path: string, body: object): Promise<Answer> {
  return send(`/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function send<Answer>(url: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  let answer: unknown;
  try {
    const headers = { ...init.headers, 'x-twiceproof-csrf': csrfToken() };
    response = await fetch(url, { ...init, headers, credentials: 'same-origin' });
    answer = await response.json();
  } catch (error) {
    if (isAborted(error)) throw error;
    throw new Fault(
      'UNREACHABLE',
      'The console does not answer. Is it still running in its terminal?',
    );
  }
  const { now } = answer as { readonly now?: number };
  if (now !== undefined) noteServerTime(now);
  if (response.ok) return answer as Answer;
  const { code, message, record } = answer as RefusalAnswer;
  const fault = new Fault(code, message, record);
  if (code === 'NO_SESSION') signedIn.value = fault;
  throw fault;
}
