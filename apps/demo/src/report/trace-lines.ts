import { styleText } from 'node:util';
import { callsOfKey, replayedKey, spanTree } from '@twiceproof/observability';
import { operation } from '../pipeline.ts';
import type { Results } from './results.ts';
import { dim } from './words.ts';

/** One order in the spans of its execution and of a replay, as a tracing backend would show it. */
export function traceLines({ outcome: { spans } }: Results): string[] {
  const key = replayedKey(spans, operation);
  if (key === undefined) return [];
  const known = new Set(spans.map(({ spanId }) => spanId));
  const replay = callsOfKey(spans, key).find(({ links }) =>
    links.some(({ spanId }) => known.has(spanId)),
  );
  if (!replay) return [];
  const traces = [replay.traceId, ...replay.links.map(({ traceId }) => traceId)];
  const tree = spanTree(
    spans.filter(({ traceId }) => traces.includes(traceId)),
    key,
    {
      dim,
      good: (text) => styleText('green', text),
      bad: (text) => styleText('red', text),
    },
  );
  return [
    '',
    `one order in its spans, executed and replayed; ${dim('--otlp URL sends all of them to Jaeger')}`,
    ...tree.split('\n').map((line) => (line === '' ? '' : `  ${line}`)),
  ];
}
