import { inspect } from 'node:util';
import type { LedgerEntry } from './effects-ledger.ts';
import type { DeliveryEnd, Fault, SafetyReport } from './safety-report.ts';

type Findings = Pick<SafetyReport, 'repeated' | 'lost' | 'deliveries' | 'effects'>;

/** The report as a test's error shows it: what is wrong, what happened, and what to do. */
export function reportText(findings: Findings, fault: Fault | undefined): string {
  const { deliveries, effects } = findings;
  const outside = effects.filter(({ delivery }) => delivery === undefined);
  const lines = [
    headline(findings, fault),
    '',
    ...deliveries.flatMap((delivery) => [
      `  delivery ${delivery.number}`,
      ...effectLines(
        effects.filter((entry) => entry.delivery === delivery.number),
        findings,
      ),
      `    ${endText(delivery)}`,
    ]),
    ...(outside.length > 0 ? ['  outside of any delivery', ...effectLines(outside, findings)] : []),
  ];
  const cure = fault && cures[fault](findings);
  return [...lines, ...(cure ? ['', cure] : [])].join('\n');
}

function headline({ repeated, lost, deliveries }: Findings, fault: Fault | undefined): string {
  const times = `${deliveries.length} deliveries of one message`;
  switch (fault) {
    case 'repeated':
      return `Not safe to call twice: ${names(repeated)} happened more than once, in ${times}.`;
    case 'lost':
      return `Not safe to call twice: ${names(lost)} never happened, and nobody will know. The message counts as handled.`;
    case 'unhandled':
      return `Nothing can be said of this handler: it refused all of ${times}.`;
    case 'no effect':
      return `Nothing can be said of this handler: no effect was recorded in ${times}.`;
    default:
      return `Safe to call twice: no effect happened more than once, in ${times}.`;
  }
}

const cures: Readonly<Record<Fault, (findings: Findings) => string>> = {
  repeated: ({ deliveries }) =>
    deliveries.some(({ end }) => end === 'crashed')
      ? 'The process died before it could record what it had done, so the next one did it again. Hand currentExecution().downstreamKey to the service, and tell the test with knownBy; or let abandoned ask the service, or hold the record for an operator.'
      : 'Call the effect inside a function that idempotency.wrap() has wrapped, with a key that is the same in every delivery of the message: not a clock, not a random value, not the id of the delivery. If the first delivery failed after the effect, make each effect a step of a workflow.',
  lost: () =>
    'The handler wrote down that the message was handled before it was. Claim first and complete afterwards: that is what idempotency.wrap() does.',
  unhandled: () => 'See what it threw, above, and deliver a message that it takes.',
  'no effect': () =>
    "Let the handler call functions that the process's effect(name, perform) has made, or those of a ledger, in place of the real ones.",
};

function effectLines(entries: readonly LedgerEntry[], { repeated, effects }: Findings): string[] {
  return entries.map((entry) => {
    const { effect, args, what } = entry;
    const isAgain =
      what === 'happened' &&
      repeated.includes(effect) &&
      effects.find((each) => each.effect === effect && each.what === 'happened') !== entry;
    const note = {
      happened: isAgain ? '   <-- again' : '',
      failed: '   (failed)',
      known: '   (known already, did nothing)',
    }[what];
    return `    ${effect}(${args.map(shown).join(', ')})${note}`;
  });
}

function endText({ end, value, error, crash }: DeliveryEnd): string {
  if (end === 'crashed') return `its process died right ${crash?.when} '${crash?.step}'`;
  return end === 'handled' ? `answered ${shown(value)}` : `refused: ${shownError(error)}`;
}

function shownError(error: unknown): string {
  if (!(error instanceof Error)) return shown(error);
  const { name, message } = error;
  const code = (error as { readonly code?: unknown }).code;
  return `${name}${typeof code === 'string' ? ` ${code}` : ''}: ${message}`;
}

function names(effects: readonly string[]): string {
  return effects.map((effect) => `'${effect}'`).join(' and ');
}

const longest = 80;

function shown(value: unknown): string {
  const text = inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 2 });
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
