import type { IdempotencyRecord, Probe } from '@twiceproof/core';
import { usage } from '../failure.ts';

/** One probe for all operations, or one by operation. */
export type ConfiguredProbe = Probe | Readonly<Record<string, Probe>>;

/** The probe to ask about any record. An operation without one goes on waiting. */
export function probeOf(configured: ConfiguredProbe): Probe {
  if (typeof configured === 'function') return configured;
  const byOperation = new Map(Object.entries(configured));
  return (record) => {
    const own = byOperation.get((record as IdempotencyRecord).operation);
    return own ? own(record) : 'hold';
  };
}

/** Ends the command, naming what is wrong with the probe of a configuration. */
export function checkProbe(probe: unknown): asserts probe is ConfiguredProbe {
  const probes = typeof probe === 'function' ? { probe } : probe;
  if (typeof probes !== 'object' || probes === null) {
    throw usage('probe is no function; give one, or an object of one by operation');
  }
  for (const [name, each] of Object.entries(probes)) {
    if (typeof each !== 'function') throw usage(`probe of '${name}' is no function`);
  }
}
