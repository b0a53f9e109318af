import type { Report } from '../measuring/result.ts';
import type { Machine } from './machine.ts';

/** Everything that was measured, on one machine. */
export interface Results {
  readonly machine: Machine;
  readonly reports: readonly Report[];
}

/** What is known after further benchmarks. Figures of another machine do not stand beside them. */
export function withReports(known: Results | undefined, { machine, reports }: Results): Results {
  const isSame = JSON.stringify(known?.machine) === JSON.stringify(machine);
  const measured = new Set(reports.map(({ benchmark }) => benchmark));
  const kept = isSame ? known!.reports.filter(({ benchmark }) => !measured.has(benchmark)) : [];
  return { machine, reports: [...kept, ...reports] };
}

/** As a file of JSON lines, the machine first and then each report, with no more digits than mean something. */
export function textOf({ machine, reports }: Results): string {
  return [machine, ...reports].map((line) => `${compact(line)}\n`).join('');
}

export function resultsOf(text: string): Results {
  const [machine, ...reports] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { machine, reports };
}

function compact(value: unknown): string {
  return JSON.stringify(value, (_key, figure) =>
    typeof figure === 'number' ? Number(figure.toPrecision(4)) : figure,
  );
}
