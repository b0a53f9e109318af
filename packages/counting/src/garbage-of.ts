import { GCProfiler } from 'node:v8';
import { collect } from './collect.ts';
import { finishCompiling } from './finish-compiling.ts';
import { middleOf } from './middle-of.ts';

type Act = () => Promise<unknown>;

const rounds = 9;
const mostTries = 10 * rounds;

/**
 * Bytes that an act makes: those of the middle one of some rounds, as some hold code that was compiled meanwhile, and
 * of others V8 does not tell that it has taken something away. What `prepare` makes for each of them is not counted. An
 * act is to be too short for V8 to collect in; rounds where it says that it did so are none.
 */
export async function garbageOf(prepare: () => Act | Promise<Act>): Promise<number> {
  const made: number[] = [];
  for (let tries = 0; made.length < rounds; tries++) {
    if (tries === mostTries) throw new Error('V8 collects in almost every round');
    const bytes = await bytesMadeBy(await prepare());
    if (bytes !== undefined) made.push(bytes);
  }
  return middleOf(made);
}

async function bytesMadeBy(act: Act): Promise<number | undefined> {
  finishCompiling();
  collect('young');
  const collections = new GCProfiler();
  collections.start();
  const { heapUsed } = process.memoryUsage();
  await act();
  const bytes = process.memoryUsage().heapUsed - heapUsed;
  return collections.stop().statistics.length === 0 ? bytes : undefined;
}
