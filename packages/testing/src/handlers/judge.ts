import type { EffectsLedger, LedgerEntry } from './effects-ledger.ts';
import { reportText } from './report-text.ts';
import type { DeliveryEnd, Fault, SafetyReport } from './safety-report.ts';

/** Judges what the ledger has. */
export function judge(ledger: EffectsLedger, deliveries: readonly DeliveryEnd[]): SafetyReport {
  const effects = [...ledger.entries];
  const happened = effects.filter(({ what }) => what === 'happened');
  const repeated = [...Map.groupBy(happened, ({ effect }) => effect)]
    .filter(([, entries]) => deliveriesOf(entries) > 1)
    .map(([effect]) => effect);
  const isHandled = deliveries.some(({ end }) => end === 'handled');
  const crash = deliveries.find(({ end }) => end === 'crashed')?.crash;
  const isLost =
    crash?.isEffect && isHandled && !happened.some(({ effect }) => effect === crash.step);
  const lost = isLost ? [crash.step] : [];
  const fault = faultOf();
  const findings = { repeated, lost, deliveries, effects };
  return { isSafe: fault === undefined, ...findings, text: reportText(findings, fault) };

  function faultOf(): Fault | undefined {
    if (repeated.length > 0) return 'repeated';
    if (lost.length > 0) return 'lost';
    // Left to an operator, after a crash, is safe as well.
    if (!isHandled && crash === undefined) return 'unhandled';
    return effects.length === 0 && !crash?.isEffect ? 'no effect' : undefined;
  }
}

/** What cannot be told to belong to one delivery counts as a delivery of its own. */
function deliveriesOf(entries: readonly LedgerEntry[]): number {
  const known = new Set(
    entries.map(({ delivery }) => delivery).filter((each) => each !== undefined),
  );
  return known.size + entries.filter(({ delivery }) => delivery === undefined).length;
}
