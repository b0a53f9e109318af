import type { DynamodbClient } from './client.ts';
import type { CorrectedClock } from './clock.ts';
import { type ObservableCommand, observeServiceDate } from './service-date.ts';

/** Sends a command; throws what the client throws. */
export type Send = <Output>(
  command: ObservableCommand,
  signal?: AbortSignal | undefined,
) => Promise<Output>;

export function createSend(client: DynamodbClient, clock: CorrectedClock): Send {
  return <Output>(command: ObservableCommand, signal?: AbortSignal) => {
    observeServiceDate(command, clock);
    const answer = client.send(command as never, signal && { abortSignal: signal });
    return answer as Promise<Output>;
  };
}
