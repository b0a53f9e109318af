import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc: (how: { readonly type: 'minor' | 'major' }) => void = runInNewContext('gc');

/** Collects what nobody holds any more, or of that only what was made lately. */
export function collect(generation: 'all' | 'young' = 'all'): void {
  gc({ type: generation === 'all' ? 'major' : 'minor' });
}
