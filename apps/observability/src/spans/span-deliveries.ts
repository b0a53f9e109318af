import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { attributeNames } from '@twiceproof/otel';
import type { EndedSpan } from './plain-span.ts';

/** What a collector acknowledged, and what to search for there. */
export interface DeliveredSpans {
  readonly ended: number;
  readonly delivered: number;
  /** Keys of the first few calls that were executed, and that were replayed. */
  readonly executedKeys: readonly string[];
  readonly replayedKeys: readonly string[];
  /** Names of spans of calls. */
  readonly names: readonly string[];
}

/** Sees what becomes of spans between the program and a collector. */
export interface SpanDeliveries {
  /** Counts the spans that end. */
  readonly processor: Pick<SpanProcessor, 'onEnd' | 'onStart' | 'forceFlush' | 'shutdown'>;
  /** Sends with `exporter`, and notes what was taken. */
  through(exporter: SpanExporter): SpanExporter;
  counted(): DeliveredSpans;
}

const successful = 0;

/** Remembers at most `maxKeys` keys of each kind. */
export function spanDeliveries(maxKeys = 500): SpanDeliveries {
  let ended = 0;
  let delivered = 0;
  const keys = { executed: new Set<string>(), replayed: new Set<string>() };
  const names = new Set<string>();
  const note = ({ name, attributes }: EndedSpan): void => {
    const { [attributeNames.outcome]: outcome, [attributeNames.key]: key } = attributes;
    if (attributes[attributeNames.operationName] === undefined) return;
    names.add(name);
    if (outcome !== 'executed' && outcome !== 'replayed') return;
    const known = keys[outcome];
    if (typeof key === 'string' && known.size < maxKeys) known.add(key);
  };
  return {
    processor: {
      onStart() {},
      onEnd() {
        ended += 1;
      },
      async forceFlush() {},
      async shutdown() {},
    },
    through: (exporter) => ({
      export(spans, told) {
        exporter.export(spans, (result) => {
          if (result.code === successful) {
            delivered += spans.length;
            for (const span of spans) note(span);
          }
          told(result);
        });
      },
      forceFlush: async () => exporter.forceFlush?.(),
      shutdown: () => exporter.shutdown(),
    }),
    counted: () => ({
      ended,
      delivered,
      executedKeys: [...keys.executed],
      replayedKeys: [...keys.replayed],
      names: [...names],
    }),
  };
}
