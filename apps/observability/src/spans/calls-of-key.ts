import { attributeNames } from '@twiceproof/otel';
import type { PlainSpan } from './plain-span.ts';

/** The spans of all calls of one key, as a search for `idempotency.key` finds them, oldest first. */
export function callsOfKey(spans: readonly PlainSpan[], key: string): PlainSpan[] {
  return spans
    .filter((span) => isCall(span) && span.attributes[attributeNames.key] === key)
    .sort((a, b) => a.startMs - b.startMs);
}

/** A key of which both the execution and a replay are among the spans, if there is one. */
export function replayedKey(spans: readonly PlainSpan[], operation?: string): string | undefined {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const replay = spans.find(
    (span) =>
      isCall(span) &&
      (operation === undefined || span.attributes[attributeNames.operationName] === operation) &&
      span.links.some(({ spanId }) => known.has(spanId)),
  );
  return replay && String(replay.attributes[attributeNames.key]);
}

function isCall({ attributes }: PlainSpan): boolean {
  return attributes[attributeNames.operationName] !== undefined;
}
