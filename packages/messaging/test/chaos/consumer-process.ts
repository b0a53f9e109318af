import { once } from 'node:events';
import { type Assignment, workOf } from './work.ts';

/** Starts to consume, and answers how to stop: take nothing new, end what runs, give back the rest. */
export type StartConsumer = (
  assignment: Assignment,
  work: ReturnType<typeof workOf>,
) => Promise<() => Promise<unknown>>;

/** The main program of a consumer: it runs until it is told to end, or killed. */
export async function consumerProcess(start: StartConsumer): Promise<void> {
  // It does not outlive the test that it is a part of.
  process.once('disconnect', () => process.exit(1));
  const assignment: Assignment = JSON.parse(process.argv[2]!);
  const work = workOf(assignment);
  const stop = await start(assignment, work);
  process.send?.('consuming');
  await once(process, 'SIGTERM');
  await stop();
  work.close();
  process.removeAllListeners('disconnect');
  process.disconnect();
}
