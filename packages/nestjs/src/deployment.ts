import type { BeforeApplicationShutdown } from '@nestjs/common';
import { createIdempotency, type Duration, type Idempotency } from '@twiceproof/core';
import { deployments } from './deployments.ts';
import type { RouteOptions, TwiceproofModuleOptions } from './module-options.ts';

/** What one application has: its deployment, and how its routes use it. */
export class Deployment implements BeforeApplicationShutdown {
  readonly idempotency: Idempotency;
  readonly http: RouteOptions;
  readonly #shutdownTimeout: Duration;

  constructor({ http = {}, shutdownTimeout = '20s', ...options }: TwiceproofModuleOptions) {
    this.idempotency = 'idempotency' in options ? options.idempotency : createIdempotency(options);
    this.http = http;
    this.#shutdownTimeout = shutdownTimeout;
    deployments.add(this.idempotency);
  }

  /** Refuses new work, waits for what is running, and gives up what does not end. */
  async beforeApplicationShutdown(): Promise<void> {
    deployments.delete(this.idempotency);
    await this.idempotency.close({ timeout: this.#shutdownTimeout });
  }
}
