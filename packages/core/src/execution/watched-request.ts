import {
  hooksOf,
  type Instrumentation,
  type Observation,
  type StoreOperationInfo,
  tellEnd,
} from '../instrumentation.ts';
import type { Lease } from '../store.ts';

/** What a store may answer. */
export type StoreAnswer = { readonly status?: string } | Lease | undefined;

/** Sends a request with instrumentation around it. */
export function watchedRequest<Answer extends StoreAnswer>(
  instrumentation: Instrumentation,
  info: StoreOperationInfo,
  send: () => Promise<Answer>,
): Promise<Answer> {
  const hooks = hooksOf(instrumentation);
  if (!hooks) return instrumentation.storeOperation!(info, () => noted(info, send, undefined));
  const observation = hooks.storeOperation(info);
  return observation ? noted(info, send, observation) : send();
}

/** Notes what came of the request, before its end is told. */
async function noted<Answer extends StoreAnswer>(
  info: StoreOperationInfo,
  send: () => Promise<Answer>,
  observation: Observation | undefined,
): Promise<Answer> {
  let failure: { readonly error: unknown } | undefined;
  try {
    const answer = await (observation ? observation.within(send) : send());
    info.outcome =
      answer === undefined ? 'lost' : ((answer as { status?: string }).status ?? 'done');
    return answer;
  } catch (error) {
    info.outcome = 'error';
    failure = { error };
    throw error;
  } finally {
    if (observation) tellEnd(observation, failure);
  }
}
