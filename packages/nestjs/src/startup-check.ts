import { Inject, Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { Deployment } from './deployment.ts';
import { prepare } from './idempotent.ts';
import { optionsOf, RouteGates } from './route-gates.ts';

/** Finds what an application has of ours, so that what is wrong shows before the first request. */
export class StartupCheck implements OnModuleInit {
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;
  readonly #deployment: Deployment;
  readonly #gates: RouteGates;

  constructor(
    discovery: DiscoveryService,
    scanner: MetadataScanner,
    deployment: Deployment,
    gates: RouteGates,
  ) {
    this.#discovery = discovery;
    this.#scanner = scanner;
    this.#deployment = deployment;
    this.#gates = gates;
  }

  onModuleInit(): void {
    for (const { metatype } of this.#discovery.getControllers()) {
      for (const method of this.#methodsOf(metatype)) {
        if (optionsOf(method) ?? optionsOf(metatype!)) this.#gates.of(metatype as Type, method);
      }
    }
    const providers = [...this.#discovery.getProviders(), ...this.#discovery.getControllers()];
    for (const { metatype } of providers) {
      for (const method of this.#methodsOf(metatype)) prepare(method, this.#deployment.idempotency);
    }
  }

  // biome-ignore lint/complexity/noBannedTypes: as Nest has it
  #methodsOf(metatype: Function | Type | null): Function[] {
    const prototype: Record<string, unknown> | undefined = metatype?.prototype;
    if (!prototype) return [];
    return this.#scanner
      .getAllMethodNames(prototype)
      .map((name) => prototype[name])
      .filter((method) => typeof method === 'function');
  }
}
Injectable()(StartupCheck);
Inject(DiscoveryService)(StartupCheck, undefined, 0);
Inject(MetadataScanner)(StartupCheck, undefined, 1);
Inject(Deployment)(StartupCheck, undefined, 2);
Inject(RouteGates)(StartupCheck, undefined, 3);
