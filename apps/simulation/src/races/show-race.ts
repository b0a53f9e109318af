import { Race } from './race.ts';

/** Prints one race, or these steps of it. Answers how the process is to end. */
export function showRace(seed: number, keep: string | undefined): number {
  const race = new Race(seed, undefined, true);
  const violation = race.run(keep?.split(',').map(Number));
  for (const line of race.trace!) console.log(line);
  console.log(violation ? 'violated' : 'every invariant holds');
  return violation ? 1 : 0;
}
