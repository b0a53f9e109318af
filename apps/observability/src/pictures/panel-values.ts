import type { Panel } from '@grafana/schema';
import type { Line } from '../scenario/prometheus-api.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function unitOf({ fieldConfig, options }: Panel): string {
  const { yAxis } = (options ?? {}) as { yAxis?: { unit?: string } };
  return yAxis?.unit ?? fieldConfig?.defaults.unit ?? 'short';
}

/** Values by second; undefined where Prometheus had none. */
export function numbers(line: Line | undefined): (number | undefined)[] {
  if (!line) return [];
  const first = line.values[0]![0];
  const result: (number | undefined)[] = [];
  for (const [seconds, value] of line.values) {
    const number = Number(value);
    result[Math.round(seconds - first)] = Number.isFinite(number) ? number : undefined;
  }
  return Array.from(result);
}
