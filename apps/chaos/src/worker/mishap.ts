import { setTimeout as elapsed } from 'node:timers/promises';
import type { FromWorker, Mishap, Point } from './messages.ts';

/** Ends or stops this process where its call says so. */
export async function meet(call: number, mishap: Mishap | undefined, point: Point): Promise<void> {
  if (mishap?.at !== point) return;
  const message: FromWorker = { kind: 'mishap', call, mishap };
  await new Promise((sent) => process.send!(message, sent));
  process.kill(process.pid, mishap.how === 'kill' ? 'SIGKILL' : 'SIGSTOP');
  // The signal strikes with the next system call or two.
  await elapsed(1);
}
