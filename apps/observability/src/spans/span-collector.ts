import { type EndedSpan, type PlainSpan, plainSpan } from './plain-span.ts';

/** A span processor that keeps what ended, for programs that show their own spans. */
export interface SpanCollector {
  /** Takes out what was collected since the last time. */
  take(): PlainSpan[];
  onStart(): void;
  onEnd(span: EndedSpan): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Keeps at most `max` spans between two takes; what ends after that is dropped. */
export function spanCollector(max = 20_000): SpanCollector {
  let spans: PlainSpan[] = [];
  return {
    take() {
      const taken = spans;
      spans = [];
      return taken;
    },
    onStart() {},
    onEnd(span) {
      if (spans.length < max) spans.push(plainSpan(span));
    },
    async forceFlush() {},
    async shutdown() {},
  };
}
