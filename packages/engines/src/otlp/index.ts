export type { ReceivedMetric, ReceivedPoint } from './read-metrics.ts';
export type { ReceivedSpan } from './read-spans.ts';
export { type Receiver, startReceiver } from './receiver.ts';
