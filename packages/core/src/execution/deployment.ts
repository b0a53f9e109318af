import type { KeyObject } from 'node:crypto';
import type { Instrumentation } from '../instrumentation.ts';
import type { Runtime } from '../options/options.ts';
import type { Background } from './background.ts';
import type { DelayQueues } from './delay-queue.ts';
import type { Flights } from './flights.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { StoreRequests } from './store-requests.ts';

/** What all operations of one `createIdempotency` share. */
export interface Deployment {
  readonly environment: string;
  /** Turns digests into HMACs. */
  readonly digestKey: KeyObject | undefined;
  readonly requests: StoreRequests;
  readonly lifecycle: Lifecycle;
  readonly background: Background;
  readonly flights: Flights;
  readonly delays: DelayQueues;
  readonly runtime: Runtime;
  /** Looked up for each call: it may be registered after the functions were wrapped. */
  readonly instrumentation: () => Instrumentation | undefined;
}
