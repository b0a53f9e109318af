import type { PhaseResult } from './run.ts';

/** One line for a fault, and one for each repeat and violation. */
export function report(result: PhaseResult): string {
  const { phase, keys, calls, effects, repeats, violations, ms } = result;
  const counts = `${keys} keys  ${calls} calls  ${effects} effects  ${repeats.length} repeats`;
  const lines = [`  ${phase.padEnd(42)} ${counts}  ${(ms / 1_000).toFixed(1)} s`];
  for (const { key, first, again, fault } of repeats) {
    const fences = `${first.fence} and ${again.fence}`;
    lines.push(`    repeated: ${key}, fences ${fences}: ${fault ?? 'UNEXPLAINED'}`);
  }
  for (const violation of violations) lines.push(`    VIOLATION: ${violation}`);
  return lines.join('\n');
}
