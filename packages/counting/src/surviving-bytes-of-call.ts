import { GCProfiler, getHeapSpaceStatistics } from 'node:v8';
import { collect } from './collect.ts';
import { finishCompiling } from './finish-compiling.ts';
import { middleOf } from './middle-of.ts';

type Call = (at: number) => Promise<unknown>;

const rounds = 3;
const mostTries = 10 * rounds;

/**
 * Bytes of a call that are still there after the collections of young objects, and stay until all is collected: those
 * of the middle one of some rounds. Rounds where V8 collected all are none. No call is given a number twice.
 */
export async function survivingBytesOfCall(calls: number, call: Call): Promise<number> {
  for (let at = 0; at < calls; at++) await call(at);
  const survived: number[] = [];
  for (let tries = 1; survived.length < rounds; tries++) {
    if (tries > mostTries) throw new Error('V8 collects all in almost every round');
    const bytes = await bytesThatSurvive(calls, (at) => call(tries * calls + at));
    if (bytes !== undefined) survived.push(bytes);
  }
  return middleOf(survived) / calls;
}

async function bytesThatSurvive(calls: number, call: Call): Promise<number | undefined> {
  finishCompiling();
  collect();
  const collections = new GCProfiler();
  collections.start();
  const before = oldBytes();
  for (let at = 0; at < calls; at++) {
    await call(at);
    if (at % 20 === 0) collect('young');
  }
  const bytes = oldBytes() - before;
  const { statistics } = collections.stop();
  return statistics.every(({ gcType }) => gcType === 'Scavenge') ? bytes : undefined;
}

/** Of objects, and not of code. */
function oldBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name }) => space_name === 'old_space' || space_name === 'large_object_space')
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}
