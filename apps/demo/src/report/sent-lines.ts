import { type DeliveredSpans, serviceNameOr } from '@twiceproof/observability';
import { operation } from '../pipeline.ts';
import { serviceName } from '../telemetry/observe.ts';
import type { Results } from './results.ts';
import { good, plural, worthKnowing } from './words.ts';

/** What a collector got, and what to look for there. */
export function sentLines({ args: { otlp }, outcome: { sent } }: Results): string[] {
  if (otlp === undefined || sent.length === 0) return [];
  const ended = sum(sent, (each) => each.ended);
  const delivered = sum(sent, (each) => each.delivered);
  if (delivered === 0) {
    return [
      '',
      worthKnowing(
        `no collector at ${otlp} took any of the ${plural(ended, 'span')}: is it there?`,
      ),
    ];
  }
  const how = delivered === ended ? plural(ended, 'span') : `${delivered} of ${ended} spans`;
  return [
    '',
    good(`${how} sent to ${otlp}, service ${serviceNameOr(serviceName)}`),
    ...orderLines(sent),
    `  operations: ${namesOf(sent).join(', ')}, and those of its steps`,
  ];
}

function orderLines(sent: readonly DeliveredSpans[]): string[] {
  const isOrder = (key: string): boolean => key.split('/')[1] === operation;
  const executed = new Set(sent.flatMap((each) => each.executedKeys));
  const replayed = sent.flatMap((each) => each.replayedKeys).filter(isOrder);
  const both = replayed.find((key) => executed.has(key));
  const key = both ?? replayed[0];
  if (key === undefined) return [];
  const what = both === undefined ? 'replayed' : 'executed and replayed';
  return [`  one order, ${what}; its tag: idempotency.key="${key}"`];
}

/** Of the spans of whole orders. */
function namesOf(sent: readonly DeliveredSpans[]): string[] {
  const names = new Set(sent.flatMap((each) => each.names));
  return [...names].filter((name) => name.endsWith(` ${operation}`)).sort();
}

function sum(sent: readonly DeliveredSpans[], of: (each: DeliveredSpans) => number): number {
  return sent.reduce((total, each) => total + of(each), 0);
}
