import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type ModuleMetadata,
  type Provider,
} from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Deployment } from './deployment.ts';
import { Idempotency } from './idempotency-token.ts';
import type { TwiceproofModuleOptions } from './module-options.ts';
import { RouteGates } from './route-gates.ts';
import { StartupCheck } from './startup-check.ts';

/** Options that are found by a factory, with what it is injected. */
export interface TwiceproofModuleAsyncOptions
  extends Pick<ModuleMetadata, 'imports'>,
    Pick<FactoryProvider<TwiceproofModuleOptions>, 'inject' | 'useFactory'> {}

/**
 * Provides the application's deployment, for injection as `Idempotency`, for methods with
 * `@Idempotent()`, and for routes with `@IdempotencyKey()`. It is global. When the application shuts
 * down, new work is refused and what is running is waited for; call `app.enableShutdownHooks()` to have
 * that on signals, too.
 *
 * @example
 * ```ts
 * import { Module } from '@nestjs/common';
 * import { memoryStore } from '@twiceproof/memory';
 * import { TwiceproofModule } from '@twiceproof/nestjs';
 *
 * @Module({
 *   imports: [
 *     TwiceproofModule.forRootAsync({
 *       useFactory: async () => ({
 *         environment: 'prod',
 *         store: memoryStore(),
 *         http: { scope: (request: { user?: { id: string } }) => request.user?.id },
 *       }),
 *     }),
 *   ],
 * })
 * export class AppModule {}
 * ```
 */
// biome-ignore lint/complexity/noStaticOnlyClass: Nest's modules are classes
export class TwiceproofModule {
  static forRoot(options: TwiceproofModuleOptions): DynamicModule {
    return moduleOf({ provide: Deployment, useFactory: () => new Deployment(options) });
  }

  static forRootAsync({
    imports = [],
    inject = [],
    useFactory,
  }: TwiceproofModuleAsyncOptions): DynamicModule {
    const make = async (...injected: never[]): Promise<Deployment> =>
      new Deployment(await useFactory(...injected));
    const made = moduleOf({ provide: Deployment, inject, useFactory: make });
    return { ...made, imports: [...imports, ...made.imports!] };
  }
}
Module({})(TwiceproofModule);

function moduleOf(deployment: Provider): DynamicModule {
  const idempotency: Provider = {
    provide: Idempotency,
    inject: [Deployment],
    useFactory: (made: Deployment) => made.idempotency,
  };
  return {
    module: TwiceproofModule,
    global: true,
    imports: [DiscoveryModule],
    providers: [deployment, idempotency, RouteGates, StartupCheck],
    exports: [Deployment, Idempotency, RouteGates],
  };
}
