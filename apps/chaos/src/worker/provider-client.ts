import type { Effect } from '../history/event.ts';
import type { FromWorker, ToWorker } from './messages.ts';

type Question =
  | { readonly kind: 'provide'; readonly effect: Effect }
  | { readonly kind: 'find'; readonly downstreamKey: string; readonly fence: number };

/** Asks the provider, which is the parent process: what it was sent happens, whatever becomes of us. */
export function askProvider(question: Question): Promise<unknown> {
  requests += 1;
  const request = requests;
  const { promise, resolve } = Promise.withResolvers<unknown>();
  waiting.set(request, resolve);
  process.send!({ ...question, request } satisfies FromWorker);
  return promise;
}

export function answered({ request, answer }: ToWorker & { kind: 'provided' }): void {
  waiting.get(request)?.(answer);
  waiting.delete(request);
}

let requests = 0;
const waiting = new Map<number, (answer: unknown) => void>();
