import { enclosingExecution } from './current-execution.ts';
import type { Flight } from './flights.ts';
import type { NestedExecution } from './nested-execution.ts';

/** Which flights the executions of this process wait for, themselves or in a call that they made. */
const waits = new WeakMap<NestedExecution, Set<Flight>>();

/** Notes that the calling code waits for the flight; answers how to end that. */
export function waitFor(flight: Flight): () => void {
  const waiting = [...enclosing()];
  for (const execution of waiting) {
    const flights = waits.get(execution);
    if (flights) flights.add(flight);
    else waits.set(execution, new Set([flight]));
  }
  return () => {
    for (const execution of waiting) waits.get(execution)?.delete(flight);
  };
}

/**
 * The record ids of executions that wait for each other, from the flight's to one that the calling code
 * is part of, if waiting for the flight would close a circle. Undefined if it would not.
 */
export function circleOf(flight: Flight): readonly string[] | undefined {
  const mine = new Set(enclosing());
  return mine.size === 0 ? undefined : pathTo(mine, flight, new Set());
}

function pathTo(
  goals: ReadonlySet<NestedExecution>,
  flight: Flight,
  seen: Set<Flight>,
): readonly string[] | undefined {
  const { execution } = flight;
  if (!execution || seen.has(flight)) return undefined;
  seen.add(flight);
  const id = String(execution.id);
  if (goals.has(execution)) return [id];
  for (const next of waits.get(execution) ?? []) {
    const path = pathTo(goals, next, seen);
    if (path) return [id, ...path];
  }
  return undefined;
}

function* enclosing(): Generator<NestedExecution> {
  for (let execution = enclosingExecution(); execution; execution = execution.parent) {
    yield execution;
  }
}
