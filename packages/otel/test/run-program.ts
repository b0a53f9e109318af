import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface ProgramOptions {
  readonly nodeArgs?: readonly string[];
  readonly args?: readonly string[];
  /** Where telemetry goes; nowhere if it is left out. */
  readonly otlpUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs one of the programs in a process of its own, and answers what it reported. */
export async function runProgram<Report>(
  program: URL,
  { nodeArgs = [], args = [], otlpUrl, env = {} }: ProgramOptions,
): Promise<Report> {
  const child = spawn(process.execPath, [...nodeArgs, fileURLToPath(program), ...args], {
    env: {
      PATH: process.env.PATH,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_METRIC_EXPORT_INTERVAL: '600000',
      ...(otlpUrl !== undefined && { OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] = await closed;
  if (code !== 0)
    throw new Error(`${program.pathname} ended with ${code ?? signal}:\n${output}\n${errors}`);
  return JSON.parse(output) as Report;
}
