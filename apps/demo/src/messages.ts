import type { DeliveredSpans, PlainSpan } from '@twiceproof/observability';
import type { CallReport } from './call-reports.ts';
import type { StepName } from './pipeline.ts';
import type { StoreAddress } from './stores/store-address.ts';
import type { SpanTarget } from './telemetry/observe.ts';

/** What a worker needs to know before its first delivery. */
export interface WorkerOptions {
  /** Fastest first; more than one are stacked. */
  readonly stores: readonly StoreAddress[];
  readonly environment: string;
  readonly spans: SpanTarget;
  readonly ledgerPath: string;
  readonly key: string;
  readonly run: number;
  readonly effectMs: number;
  readonly fail: StepName | undefined;
}

export interface Deliver {
  readonly kind: 'deliver';
  readonly line: number;
  readonly text: string;
  /** Stop in the middle of the first effect, and wait to be killed. */
  readonly stall: boolean;
}

export type ToWorker =
  | { readonly kind: 'start'; readonly options: WorkerOptions }
  | Deliver
  | { readonly kind: 'stop' };

/** How a delivery ended. A conflict is no failure: another worker has the order. */
export type DeliveryEnd =
  | { readonly kind: 'executed' | 'replayed' }
  | { readonly kind: 'conflict'; readonly retryAfterMs: number }
  | { readonly kind: 'failed'; readonly error: string };

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'call'; readonly call: CallReport }
  | { readonly kind: 'spans'; readonly spans: readonly PlainSpan[] }
  | { readonly kind: 'sent'; readonly sent: DeliveredSpans }
  | { readonly kind: 'stalled'; readonly effect: StepName; readonly order: string }
  | { readonly kind: 'settled'; readonly line: number; readonly end: DeliveryEnd };
