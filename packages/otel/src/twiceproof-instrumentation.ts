import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api';
import { registerInstrumentation } from '@twiceproof/core';
import { scopeName } from './names.ts';
import { openTelemetry } from './open-telemetry.ts';
import type { OpenTelemetryOptions } from './options.ts';
import { version } from './version.ts';

/** Options of `TwiceproofInstrumentation`. */
export interface TwiceproofInstrumentationConfig
  extends Omit<OpenTelemetryOptions, 'tracerProvider' | 'meterProvider'> {
  /** Default `true`: from its construction on. */
  readonly enabled?: boolean | undefined;
}

/**
 * Observes every `createIdempotency` of the process that was given no `instrumentation`, for teams
 * that set telemetry up in one place. It has the shape of OpenTelemetry's own instrumentations.
 *
 * @example
 * ```ts
 * import { TwiceproofInstrumentation } from '@twiceproof/otel';
 * import { NodeSDK } from '@opentelemetry/sdk-node';
 *
 * new NodeSDK({ instrumentations: [new TwiceproofInstrumentation()] }).start();
 * ```
 */
export class TwiceproofInstrumentation {
  readonly instrumentationName: string = scopeName;
  readonly instrumentationVersion: string = version;
  #config: Enableable;
  #tracerProvider: TracerProvider | undefined;
  #meterProvider: MeterProvider | undefined;

  constructor(config: TwiceproofInstrumentationConfig = {}) {
    this.#config = enableable(config);
    this.#apply();
  }

  enable(): void {
    this.#config = { ...this.#config, enabled: true };
    this.#apply();
  }

  disable(): void {
    this.#config = { ...this.#config, enabled: false };
    this.#apply();
  }

  setTracerProvider(provider: TracerProvider): void {
    // The global one is looked up for each call, in case that another one takes its place.
    this.#tracerProvider = provider === trace.getTracerProvider() ? undefined : provider;
    this.#apply();
  }

  setMeterProvider(provider: MeterProvider): void {
    this.#meterProvider = provider === metrics.getMeterProvider() ? undefined : provider;
    this.#apply();
  }

  setConfig(config: TwiceproofInstrumentationConfig): void {
    this.#config = enableable(config);
    this.#apply();
  }

  getConfig(): TwiceproofInstrumentationConfig & { readonly enabled: boolean } {
    return this.#config;
  }

  #apply(): void {
    const { enabled, ...options } = this.#config;
    if (enabled) {
      const providers = {
        tracerProvider: this.#tracerProvider,
        meterProvider: this.#meterProvider,
      };
      registerInstrumentation(openTelemetry({ ...options, ...providers }));
      registered = this;
    } else if (registered === this) {
      registerInstrumentation(undefined);
      registered = undefined;
    }
  }
}

type Enableable = TwiceproofInstrumentationConfig & { readonly enabled: boolean };

function enableable(config: TwiceproofInstrumentationConfig): Enableable {
  return { ...config, enabled: config.enabled ?? true };
}

// Disabling one must not take away what another one registered since.
let registered: TwiceproofInstrumentation | undefined;
