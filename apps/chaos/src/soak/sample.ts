import type { EventEmitter } from 'node:events';
import { collect } from '@twiceproof/counting';

/** What a process holds at a moment. */
export interface Sample {
  /** After a collection. */
  readonly heapBytes: number;
  readonly handles: number;
  readonly timers: number;
  readonly listeners: number;
}

export function sample(emitters: readonly EventEmitter[]): Sample {
  collect();
  const resources = process.getActiveResourcesInfo();
  const timers = resources.filter((name) => name === 'Timeout' || name === 'Immediate').length;
  return {
    heapBytes: process.memoryUsage().heapUsed,
    handles: resources.length - timers,
    timers,
    listeners: emitters.reduce((sum, emitter) => sum + listenersOf(emitter), 0),
  };
}

function listenersOf(emitter: EventEmitter): number {
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}
