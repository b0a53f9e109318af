import type { Duration, Idempotency, KeyValue, OperationOptions } from '@twiceproof/core';

/** What a preset knows of a provider's events. */
export interface WebhookSource<Event> {
  /** The stable name of what is done with the events. */
  readonly operation: string;
  /** Answers the event, or throws: {@link SignatureError} for a wrong signature, which is a 401, and
   * anything else for a request that holds no event, a 400. */
  readonly verify: (request: Request) => Event | PromiseLike<Event>;
  /** What names the event, the same in every delivery of it. */
  readonly key: (event: Event) => KeyValue;
  /** Answers what is no event to be taken, such as a provider's question whether the address is right. */
  readonly respond?: ((event: Event) => Response | undefined) | undefined;
  /** Most bytes of a request. Default 1 MiB; beyond it, 413. */
  readonly maxRequestBytes?: number | undefined;
}

/** Options of `webhook`, beside those of an operation in core. */
export interface WebhookOptions<Event>
  extends WebhookSource<Event>,
    Omit<OperationOptions<[event: Event, request: Request]>, 'key' | 'missingKey'> {
  readonly idempotency: Idempotency;
  /**
   * `'after-ack'` acknowledges an event as soon as it is recorded, and does it in the background: for
   * handlers that take longer than the sender waits. What has failed, or was interrupted by a crash, is
   * done again by whichever instance looks next. It takes a store that survives a crash, and an event of
   * plain data. Default `'before-ack'`: the event is done, then acknowledged.
   */
  readonly mode?: 'before-ack' | 'after-ack' | undefined;
  /** How often an instance looks for events that are left, in mode `'after-ack'`. Default `'1m'`. */
  readonly recoverEvery?: Duration | undefined;
  /** Told of what the handler throws. Default: it is written to the console. */
  readonly onError?: ((error: unknown, event: Event) => void) | undefined;
}

/** Does what an event asks for. */
export type WebhookHandler<Event> = (event: Event, request: Request) => unknown;

/** Takes events: a fetch handler. */
export interface WebhookReceiver {
  (request: Request): Promise<Response>;
  /** Does what is left of events that were acknowledged before, in mode `'after-ack'`; answers how many
   * were done. It happens by itself, too. */
  recover(): Promise<number>;
  /** Ends the looking for what is left. What is running is ended by the `close()` of its deployment. */
  stop(): void;
}
