import { attributeNames, metricNames } from '@twiceproof/otel';

/** The name of an attribute as a label of Prometheus. */
function label(attribute: string): string {
  return attribute.replaceAll('.', '_');
}

export const labels = {
  operation: label(attributeNames.operationName),
  outcome: label(attributeNames.outcome),
  store: label(attributeNames.storeName),
  storeOperation: label(attributeNames.storeOperation),
  key: label(attributeNames.key),
  errorType: label(attributeNames.errorType),
  hit: label(attributeNames.hit),
} as const;

/** Counters and gauges have one name, whichever way they came. */
export const series = {
  executions: `${label(metricNames.executions)}_total`,
  active: label(metricNames.executionActive),
  leaseLosses: `${label(metricNames.leaseLosses)}_total`,
  tierLookups: `${label(metricNames.tierLookups)}_total`,
} as const;

/** Histograms have their unit in the name if they came through OTLP, and not if they were scraped. */
export const histograms = {
  executionDuration: { name: label(metricNames.executionDuration), unit: 'seconds' },
  waitDuration: { name: label(metricNames.waitDuration), unit: 'seconds' },
  storeOperationDuration: { name: label(metricNames.storeOperationDuration), unit: 'seconds' },
  resultSize: { name: label(metricNames.resultSize), unit: 'bytes' },
} as const;

export type Histogram = (typeof histograms)[keyof typeof histograms];

/** What every query is limited to: the services that are chosen above the dashboard. */
export const chosenServices = 'job=~"$service"';
/** And the operations, where a metric knows its operation. */
export const chosen = `${chosenServices}, ${labels.operation}=~"$operation"`;

/** `rate` or `increase` of a part of a histogram, in whichever form it is there. */
export function perWindow(
  fn: 'rate' | 'increase',
  { name, unit }: Histogram,
  part: 'bucket' | 'count' | 'sum',
  matchers: string,
  window = '$__rate_interval',
): string {
  const of = (metric: string): string => `${fn}(${metric}_${part}{${matchers}}[${window}])`;
  return `(${of(`${name}_${unit}`)} or ${of(name)})`;
}

export function quantile(q: number, histogram: Histogram, by: string[], matchers: string): string {
  const buckets = perWindow('rate', histogram, 'bucket', matchers);
  return `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (${buckets}))`;
}

export function sumBy(names: readonly string[], expr: string): string {
  return names.length === 0 ? `sum(${expr})` : `sum by (${names.join(', ')}) (${expr})`;
}

/** Calls per second. The counter's series have a key each, and a series that begins has not risen;
 * the histogram counts the same calls in few series that are there for long. */
export function calls(by: readonly string[], outcomes?: string, matchers: string = chosen): string {
  const all = outcomes === undefined ? matchers : `${matchers}, ${labels.outcome}=~"${outcomes}"`;
  return sumBy(by, perWindow('rate', histograms.executionDuration, 'count', all));
}

export const replays = 'replayed|replayed_error';
export const refusals = 'in_progress|mismatch|held';
export const doubts = 'unknown|timed_out';
export const failures = `failed|replayed_error|lease_lost|store_error|${doubts}`;
export const rehearsals = 'shadowed';

/** A share of calls. The first part is 0 where there are calls, but none of these. */
export function shareOfCalls(outcomes: string, by: readonly string[] = []): string {
  const all = calls(by);
  return `(${calls(by, outcomes)} or ${all} * 0) / ${all}`;
}
