import type { RecordState } from '@twiceproof/console/wire';
import { type Duration, durationMs, type RecordFilter } from '@twiceproof/core';
import { Refusal } from './refusal.ts';

/** The filter of a request, and the state that the store cannot tell by itself. */
export interface AskedRecords {
  readonly filter: RecordFilter;
  readonly state: RecordState | undefined;
}

const states: readonly string[] = [
  'executing',
  'unknown',
  'held',
  'stuck',
  'completed',
  'failed',
] satisfies RecordState[];

/** Reads what the page asks for. An absent environment asks for all of them. */
export function askedRecords(params: URLSearchParams, now: number): AskedRecords {
  const text = (name: string) => params.get(name) || undefined;
  const ago = (name: string) => {
    const duration = text(name);
    return duration && Math.floor(now - durationMs(duration as Duration, name));
  };
  const state = text('state') as RecordState | undefined;
  if (state !== undefined && !states.includes(state)) {
    throw new Refusal(
      'INVALID',
      'The state is one of executing, unknown, held, stuck, completed and failed.',
    );
  }
  const run = text('run');
  if (run !== undefined && !/^\d{1,15}$/.test(run)) {
    throw new Refusal('INVALID', 'The run is a whole number; 0 is the first execution.');
  }
  const filter: Record<string, unknown> = {
    environment: text('environment') ?? null,
    operation: text('operation'),
    scope: text('scope'),
    run: run === undefined ? undefined : Number(run),
    status: state === 'completed' || state === 'failed' ? state : state && 'in_progress',
    stuck: state === 'stuck' ? true : undefined,
    held: state === 'held' ? true : undefined,
    unknown: state === 'unknown' ? true : undefined,
    workflow: text('workflow'),
    text: text('text'),
    idPrefix: text('idPrefix'),
    startedAfter: ago('newer'),
    startedBefore: ago('older'),
    cursor: text('cursor'),
    limit: Number(text('limit') ?? 100),
  };
  // Stores tell a condition by its presence.
  for (const name of Object.keys(filter)) if (filter[name] === undefined) delete filter[name];
  return { filter, state };
}
