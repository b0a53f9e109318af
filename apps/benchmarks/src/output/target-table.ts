import type { Report } from '../measuring/result.ts';
import { isMet, reachedIn } from '../page/target.ts';
import { boundOf } from '../page/target-section.ts';
import { targets } from '../page/targets.ts';
import { rounded } from './rounded.ts';

/** Of what was measured, what was to be reached, and what was; empty where there is no target. */
export function targetTable(reports: readonly Report[]): string {
  const lines = targets.flatMap((target) => {
    const reached = reachedIn(reports, target);
    if (!reached) return [];
    const verdict = isMet(target, reached) ? 'met' : 'NOT MET';
    return [
      `${target.what.padEnd(90)} ${boundOf(target).padEnd(14)} ${rounded(reached.median).padStart(6)}  ${verdict}\n`,
    ];
  });
  return lines.join('');
}
