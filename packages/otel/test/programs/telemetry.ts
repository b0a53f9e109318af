import { NodeSDK } from '@opentelemetry/sdk-node';
import { createIdempotency, type Idempotency, type IdempotencyOptions } from '@twiceproof/core';
import {
  type OpenTelemetryOptions,
  openTelemetry,
  TwiceproofInstrumentation,
} from '../../src/index.ts';

/** The two ways in which a program can be wired. */
export type Wiring = 'option' | 'instrumentation';

export interface Telemetry {
  create(options: Pick<IdempotencyOptions, 'store'> & Partial<IdempotencyOptions>): Idempotency;
  start(): void;
  /** Sends everything. */
  shutdown(): Promise<void>;
}

/** An SDK that sends to where the environment says. */
export function telemetry(wiring: Wiring, options: OpenTelemetryOptions = {}): Telemetry {
  const isOption = wiring === 'option';
  const sdk = new NodeSDK({
    serviceName: 'program',
    instrumentations: isOption ? [] : [new TwiceproofInstrumentation(options)],
  });
  return {
    create: (own) =>
      createIdempotency({
        environment: 'test',
        ...(isOption && { instrumentation: openTelemetry(options) }),
        ...own,
      }),
    start: () => sdk.start(),
    shutdown: () => sdk.shutdown(),
  };
}

/** Tells the test what it has to know. */
export function report(facts: unknown): void {
  process.stdout.write(JSON.stringify(facts));
}

/** An error's code or message; `fulfilled` if there was none. */
export async function ending(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'fulfilled';
  } catch (error) {
    const { code, message } = error as Error & { readonly code?: string };
    return code ?? message;
  }
}
