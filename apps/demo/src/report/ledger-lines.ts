import { duplicatesOf, type LedgerStep } from '../ledger-audit.ts';
import { pathLabel } from '../state-folder.ts';
import type { Results } from './results.ts';
import { bad, dim, firstOf, good, plural, worthKnowing } from './words.ts';

/** What the witness says: what happened more than once, and what was interrupted. */
export function ledgerLines({ audit, state }: Results): string[] {
  const steps = [...audit.steps.values()];
  const effects = steps.reduce((total, { done }) => total + done, 0);
  const duplicates = steps.filter((step) => duplicatesOf(step) > 0);
  const interrupted = steps.filter((step) => step.touched && step.interrupted > 0);
  const where = dim(pathLabel(state.ledger));
  const lines =
    duplicates.length === 0
      ? [good(`ledger: ${plural(effects, 'effect')}, none of them twice  ${where}`)]
      : [
          bad(`ledger: ${plural(duplicates.length, 'effect')} happened more than once  ${where}`),
          ...firstOf(duplicates.map((step) => `${nameOf(step)}: ${step.done} times`)),
        ];
  if (interrupted.length > 0) {
    lines.push(
      worthKnowing(`${plural(interrupted.length, 'effect')} interrupted by a crash, no duplicate:`),
      ...firstOf(interrupted.map((step) => `${nameOf(step)}, ${whatCameOf(step)}`)),
    );
  }
  if (audit.unreadable.length > 0) {
    const numbers = audit.unreadable.join(', ');
    lines.push(worthKnowing(`the ledger cannot be read in line ${numbers}`));
  }
  return lines;
}

function whatCameOf({ done }: LedgerStep): string {
  return done > 0 ? 'executed by a new attempt' : 'to be executed at its next delivery';
}

function nameOf({ effect, order, run }: LedgerStep): string {
  return `${effect} ${order}${run === 0 ? '' : ` (run ${run})`}`;
}
