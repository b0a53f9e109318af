import { setImmediate } from 'node:timers/promises';
import { collect } from '@twiceproof/counting';

/**
 * Collects what was made lately and is not held any more, which is what a collection in the middle of calls is
 * about. To collect all would have V8 forget the shapes of objects that come and go, and compile anew what knows them.
 */
export async function collectRecentGarbage(): Promise<void> {
  await setImmediate();
  // What survives once is looked at once more, and only then kept apart.
  for (let count = 0; count < 2; count++) collect('young');
}
