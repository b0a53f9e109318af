import { isIdempotencyError, type Settled } from '@twiceproof/core';
import type { Verdicts } from './consumer-options.ts';

/** What to tell the broker about one message. */
export interface Verdict<Value = unknown> {
  /** `'ack'`: the message is done with. `'retry'`: deliver it again, after `afterMs` where that is given
   * and after the broker's own backoff elsewhere. `'reject'`: another delivery would end no better. */
  readonly do: 'ack' | 'retry' | 'reject';
  /** What came of the call, as telemetry counts it. */
  readonly outcome: Settled<Value>['outcome'];
  /** The handler's result, of this call or of the first one. */
  readonly value?: Value | undefined;
  /** Core's error or the handler's. Only there if something went wrong: `'error' in verdict`. */
  readonly error?: unknown;
  /** Milliseconds; only with `'retry'`. */
  readonly afterMs?: number | undefined;
}

type Decision = Pick<Verdict, 'do' | 'afterMs'>;

const leastMs = 100;
const mostMs = 30_000;

/** The one table of what came of a call and what the broker is told. */
export function verdictOf<Value>(settled: Settled<Value>, options: Verdicts): Verdict<Value> {
  const { outcome } = settled;
  const answer = 'error' in settled ? { error: settled.error } : { value: settled.value };
  return { ...decide(settled, options), outcome, ...answer };
}

function decide(settled: Settled<unknown>, options: Verdicts): Decision {
  const { outcome, error, started, recorded } = settled;
  if (recorded) return { do: options.recorded };
  switch (outcome) {
    // Also where it is done, but its result could not be stored or was not kept.
    case 'executed':
    case 'replayed':
    case 'shadowed':
      return { do: 'ack' };
    case 'bypassed':
      return { do: 'error' in settled ? 'retry' : 'ack' };
    case 'in_progress':
      return { do: 'retry', afterMs: pauseOf(error) };
    case 'held':
    case 'unknown':
      return options.held === 'retry' ? { do: 'retry', afterMs: mostMs } : { do: 'reject' };
    case 'mismatch':
      return { do: 'reject' };
    case 'failed':
      // Also where the handler answered, and `verdict` released its result.
      return started ? { do: 'retry' } : refusal(error);
    default:
      return { do: 'retry' };
  }
}

/** Before the function was started, it is the message, its key or its record that is at fault. */
function refusal(error: unknown): Decision {
  if (isIdempotencyError(error, 'CLOSED')) return { do: 'retry' };
  // An offloaded result that is gone: the work is done all the same.
  if (isIdempotencyError(error, 'RESULT_OMITTED')) return { do: 'ack' };
  return { do: 'reject' };
}

function pauseOf(error: unknown): number {
  const asked = isIdempotencyError(error) ? (error.retryAfterMs ?? mostMs) : mostMs;
  return Math.min(mostMs, Math.max(leastMs, asked));
}
