import type { Histogram, Meter } from '@opentelemetry/api';
import { metricDetails, metricNames } from '../names.ts';
import { Tally } from './tally.ts';

/** Everything that is measured. Counters are tallies, histograms are recorded as they happen. */
export interface Instruments {
  readonly executions: Tally;
  readonly executionActive: Tally;
  readonly leaseLosses: Tally;
  readonly tierLookups: Tally;
  readonly executionDuration: Histogram;
  readonly waitDuration: Histogram;
  readonly storeOperationDuration: Histogram;
  readonly resultSize: Histogram;
}

// A replay takes a millisecond, a call to a provider seconds.
const secondBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
// Stores take between some hundred kilobytes and some megabytes.
const byteBuckets = [64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304];

export function instrumentsOf(meter: Meter): Instruments {
  const counter = (name: keyof typeof metricNames): Tally =>
    new Tally(meter.createObservableCounter(metricNames[name], metricDetails[name]));
  const histogram = (name: keyof typeof metricNames, buckets: number[]): Histogram =>
    meter.createHistogram(metricNames[name], {
      ...metricDetails[name],
      advice: { explicitBucketBoundaries: buckets },
    });
  const { executionActive } = metricNames;
  return {
    executions: counter('executions'),
    executionActive: new Tally(
      meter.createObservableUpDownCounter(executionActive, metricDetails.executionActive),
    ),
    leaseLosses: counter('leaseLosses'),
    tierLookups: counter('tierLookups'),
    executionDuration: histogram('executionDuration', secondBuckets),
    waitDuration: histogram('waitDuration', secondBuckets),
    storeOperationDuration: histogram('storeOperationDuration', secondBuckets),
    resultSize: histogram('resultSize', byteBuckets),
  };
}
