/** A value in a unit of Grafana, as short as it can be read. */
export function inUnit(value: number, unit: string): string {
  switch (unit) {
    case 'percentunit':
      return `${trimmed(value * 100, value < 0.1 ? 1 : 0)} %`;
    case 's':
      return value < 1
        ? `${trimmed(value * 1_000, value < 0.01 ? 1 : 0)} ms`
        : `${trimmed(value, 1)} s`;
    case 'bytes':
      if (value < 1_024) return `${value} B`;
      return value < 2 ** 20 ? `${value / 1_024} KiB` : `${value / 2 ** 20} MiB`;
    default:
      return trimmed(value, value < 10 ? 1 : 0);
  }
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
