import { promisesUntilAnswered } from './promises-until-answered.ts';

/**
 * Promises of a call on the average, until it is answered, of calls one after the other: with one for each `await`, of
 * the caller's as well. A few that others in the process make meanwhile are rounded away.
 */
export async function promisesOfCall(
  calls: number,
  call: (at: number) => Promise<unknown>,
): Promise<number> {
  const promises = await promisesUntilAnswered(async () => {
    for (let at = 0; at < calls; at++) await call(at);
  });
  return Math.round(promises / calls);
}
