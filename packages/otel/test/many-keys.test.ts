import type { ReceivedPoint } from '@twiceproof/engines/otlp';
import { startReceiver } from '@twiceproof/engines/otlp';
import { expect, test } from 'vitest';
import { runProgram } from './run-program.ts';
import { sdkLines } from './sdk-lines.ts';

const program = new URL('./programs/many-keys.ts', import.meta.url);

const other = (point: ReceivedPoint): boolean => point.attributes['idempotency.key'] === '_OTHER';
const outcome = (point: ReceivedPoint): unknown => point.attributes['idempotency.outcome'];
const total = (points: readonly ReceivedPoint[]): number =>
  points.reduce((sum, { value }) => sum + value, 0);

const temporalities = ['cumulative', 'delta'] as const;
const runs = sdkLines.flatMap(([line, nodeArgs]) =>
  temporalities.map((temporality) => ({ line, nodeArgs, temporality })),
);

test.each(runs)(
  '$line, $temporality: 20,000 keys are under 500 series, with exact totals',
  async ({ nodeArgs, temporality }) => {
    const receiver = await startReceiver();
    try {
      const env = {
        OTEL_TRACES_EXPORTER: 'none',
        OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: temporality,
      };
      await runProgram(program, { nodeArgs, otlpUrl: receiver.url, env });
      const exports = receiver.history('idempotency.executions').map(({ points }) => points);
      const points = temporality === 'delta' ? exports.flat() : exports.at(-1)!;

      for (const each of exports) expect(each.length).toBeLessThan(500);
      for (const each of ['executed', 'replayed']) {
        const ended = points.filter((point) => outcome(point) === each);
        expect(total(ended)).toBe(20_000);
        expect(total(ended.filter(other))).toBe(19_800);
        const labels = ended.filter((point) => !other(point) && point.value > 0);
        expect(labels.map(({ value }) => value)).toEqual(new Array(200).fill(1));
      }
    } finally {
      await receiver.stop();
    }
  },
);
