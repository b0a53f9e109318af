import { expect, test } from 'vitest';
import { runProgram } from './run-program.ts';
import { sdkLines } from './sdk-lines.ts';

const program = new URL('./programs/exporter-down.ts', import.meta.url);

interface Report {
  readonly wrong: number;
  readonly requests: number;
}

test.each(sdkLines)(
  '%s: calls do not wait for a collector that never answers',
  async (_line, nodeArgs) => {
    // Every request of an exporter is under way until the program has ended.
    const env = { OTEL_BSP_SCHEDULE_DELAY: '1', OTEL_EXPORTER_OTLP_TIMEOUT: '600000' };
    const options = { nodeArgs, env, args: ['deaf'] };
    const { wrong, requests } = await runProgram<Report>(program, options);
    expect(wrong).toBe(0);
    expect(requests).toBeGreaterThan(0);
  },
);

test.each(sdkLines)(
  '%s: a collector that is not there changes no result',
  async (_line, nodeArgs) => {
    const env = { OTEL_BSP_SCHEDULE_DELAY: '1', OTEL_EXPORTER_OTLP_TIMEOUT: '500' };
    const options = { nodeArgs, env, args: ['absent'] };
    expect(await runProgram<Report>(program, options)).toEqual({ wrong: 0, requests: 0 });
  },
);
