import { garbageOf } from './garbage-of.ts';

/** Few enough for V8 not to collect meanwhile, enough for what it takes to measure not to matter. */
const calls = 50;

/** Bytes that a call makes on the average, of fifty one after the other, once their code is optimised. */
export async function garbageOfCall(call: (at: number) => Promise<unknown>): Promise<number> {
  const all = async () => {
    for (let at = 0; at < calls; at++) await call(at);
  };
  for (let round = 0; round < 40; round++) await all();
  return (await garbageOf(() => all)) / calls;
}
