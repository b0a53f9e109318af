import {
  hooksOf,
  type Instrumentation,
  type Observation,
  type StoreOperationInfo,
  tellEnd,
} from '../instrumentation.ts';
import type { Lease } from '../store.ts';
import type { Request, TryListener } from './request.ts';

/** What a store may answer. */
export type StoreAnswer = { readonly status?: string } | Lease | undefined;

/** Sends a request with instrumentation around it. */
export function watchedRequest<Answer extends StoreAnswer>(
  instrumentation: Instrumentation,
  info: StoreOperationInfo,
  request: Request,
  send: () => Promise<Answer>,
): Promise<Answer> {
  const hooks = hooksOf(instrumentation);
  if (!hooks) {
    return instrumentation.storeOperation!(info, async () =>
      untilNoted(request, new NotedTry(info, undefined), send),
    );
  }
  const observation = hooks.storeOperation(info);
  return observation
    ? untilNoted(request, new NotedTry(info, observation), send)
    : request.until(send());
}

function untilNoted<Answer extends StoreAnswer>(
  request: Request,
  noted: NotedTry,
  send: () => Promise<Answer>,
): Promise<Answer> {
  return request.until<Answer>(noted.begin(send), noted);
}

/** Notes what comes of a try, before its end is told. */
class NotedTry implements TryListener<StoreAnswer> {
  readonly #info: StoreOperationInfo;
  readonly #observation: Observation | undefined;
  #hasEnded = false;

  constructor(info: StoreOperationInfo, observation: Observation | undefined) {
    this.#info = info;
    this.#observation = observation;
  }

  /** A store may also throw before there is anything to wait for. */
  begin<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    try {
      return this.#observation ? this.#observation.within(send) : send();
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  answered(answer: StoreAnswer): void {
    const status = (answer as { readonly status?: string } | undefined)?.status;
    this.#end(answer === undefined ? 'lost' : (status ?? 'done'), undefined);
  }

  failed(error: unknown): void {
    this.#end('error', { error });
  }

  /** Told once: what was given up may still be answered. */
  #end(outcome: string, failure: { readonly error: unknown } | undefined): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#info.outcome = outcome;
    if (this.#observation) tellEnd(this.#observation, failure);
  }
}
