import type { SpanTarget } from './observe.ts';

/** Where spans go. What `--otlp` says is put into the environment, where the workers find it too. */
export async function spanTarget(otlp: string | undefined): Promise<SpanTarget> {
  const { isTelemetryConfigured, otlpEnvironment } = await import('@twiceproof/observability');
  if (otlp !== undefined) {
    Object.assign(process.env, otlpEnvironment(otlp));
    return 'otlp';
  }
  return isTelemetryConfigured(process.env) ? 'collector' : 'report';
}
