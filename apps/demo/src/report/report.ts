import { failureLines } from './failure-lines.ts';
import { ledgerLines } from './ledger-lines.ts';
import { nextLines } from './next-lines.ts';
import { remarkLines } from './remark-lines.ts';
import { resultTable } from './result-table.ts';
import type { Results } from './results.ts';

/** What the program ends with. */
export async function reportOf(results: Results): Promise<string> {
  const [{ traceLines }, { sentLines }] = await Promise.all([
    import('./trace-lines.ts'),
    import('./sent-lines.ts'),
  ]);
  const lines = [
    '',
    ...resultTable(results),
    '',
    ...ledgerLines(results),
    ...failureLines(results),
    ...remarkLines(results),
    ...traceLines(results),
    ...sentLines(results),
    '',
    ...nextLines(results),
  ];
  return lines.map((line) => (line === '' ? '\n' : `  ${line}\n`)).join('');
}
