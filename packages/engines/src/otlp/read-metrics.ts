import type { ExportRequest, WireMetric, WirePoint } from './decode.ts';
import { type Attributes, readAttributes } from './read-attributes.ts';

export interface ReceivedPoint {
  readonly attributes: Attributes;
  /** Of a sum. */
  readonly value: number;
  /** Of a histogram. */
  readonly count: number;
  readonly sum: number;
  readonly bounds: readonly number[];
}

export interface ReceivedMetric {
  readonly scope: string;
  readonly schemaUrl: string;
  readonly description: string;
  readonly unit: string;
  readonly kind: 'counter' | 'up-down counter' | 'histogram';
  readonly points: readonly ReceivedPoint[];
}

export function readMetrics(requests: readonly ExportRequest[]): Map<string, ReceivedMetric> {
  const metrics = new Map<string, ReceivedMetric>();
  for (const { resourceMetrics = [] } of requests) {
    for (const { scope, schemaUrl, metrics: wire } of resourceMetrics.flatMap(
      (each) => each.scopeMetrics,
    )) {
      for (const metric of wire) {
        const points = (metric.sum ?? metric.histogram)?.dataPoints ?? [];
        metrics.set(metric.name, {
          scope: `${scope.name}@${scope.version}`,
          schemaUrl,
          description: metric.description,
          unit: metric.unit,
          kind: kindOf(metric),
          points: points.map(readPoint),
        });
      }
    }
  }
  return metrics;
}

function kindOf({ sum }: WireMetric): ReceivedMetric['kind'] {
  if (!sum) return 'histogram';
  return sum.isMonotonic ? 'counter' : 'up-down counter';
}

function readPoint(point: WirePoint): ReceivedPoint {
  return {
    attributes: readAttributes(point.attributes),
    value: Number(point.asInt ?? point.asDouble ?? 0),
    count: Number(point.count ?? 0),
    sum: point.sum ?? 0,
    bounds: point.explicitBounds ?? [],
  };
}
