import type { Histogram, Meter } from '@opentelemetry/api';
import { metricNames } from '../names.ts';
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
  const seconds = (name: string, description: string): Histogram =>
    meter.createHistogram(name, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: secondBuckets },
    });
  return {
    executions: new Tally(
      meter.createObservableCounter(metricNames.executions, {
        description: 'Calls of idempotent operations, by how they ended.',
        unit: '{execution}',
      }),
    ),
    executionActive: new Tally(
      meter.createObservableUpDownCounter(metricNames.executionActive, {
        description: 'Calls of idempotent operations that are under way.',
        unit: '{execution}',
      }),
    ),
    leaseLosses: new Tally(
      meter.createObservableCounter(metricNames.leaseLosses, {
        description: "Leases that were over, or another executor's, while the function ran.",
        unit: '{lease}',
      }),
    ),
    tierLookups: new Tally(
      meter.createObservableCounter(metricNames.tierLookups, {
        description: 'Look-ups in the faster stores of a stack, by whether they found the record.',
        unit: '{lookup}',
      }),
    ),
    executionDuration: seconds(
      metricNames.executionDuration,
      'Duration of calls of idempotent operations.',
    ),
    waitDuration: seconds(
      metricNames.waitDuration,
      'Time that calls spent waiting for the result of another executor.',
    ),
    storeOperationDuration: seconds(
      metricNames.storeOperationDuration,
      'Duration of requests to the store.',
    ),
    resultSize: meter.createHistogram(metricNames.resultSize, {
      description: 'Size of encoded results, before compression and encryption.',
      unit: 'By',
      advice: { explicitBucketBoundaries: byteBuckets },
    }),
  };
}
