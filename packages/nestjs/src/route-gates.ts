import 'reflect-metadata';
import { Inject, Injectable, type Type } from '@nestjs/common';
import { type Gate, gateOf } from '@twiceproof/http/adapter';
import { Deployment } from './deployment.ts';
import type { PlatformRequest, RouteOptions } from './module-options.ts';
import { routeOptionsKey } from './route-options-key.ts';

// biome-ignore lint/complexity/noBannedTypes: that is what Nest calls a handler
type Handler = Function;

/** What stands before each route with `@IdempotencyKey()`. */
export class RouteGates {
  readonly #deployment: Deployment;
  readonly #gates = new WeakMap<Type, WeakMap<Handler, Gate<PlatformRequest>>>();

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
  }

  /** Checks the options of the route; throws `OPTIONS_INVALID` naming the one that is wrong. */
  of(controller: Type, handler: Handler): Gate<PlatformRequest> {
    const ofController = this.#gates.get(controller) ?? new WeakMap();
    this.#gates.set(controller, ofController);
    const known = ofController.get(handler);
    if (known) return known;
    const { idempotency, http } = this.#deployment;
    const gate = gateOf<PlatformRequest>(
      { ...http, ...optionsOf(controller), ...optionsOf(handler), idempotency } as never,
      `@IdempotencyKey() of ${controller.name}.${handler.name}`,
    );
    ofController.set(handler, gate);
    return gate;
  }
}
Injectable()(RouteGates);
Inject(Deployment)(RouteGates, undefined, 0);

export function optionsOf(target: object): RouteOptions | undefined {
  return Reflect.getMetadata(routeOptionsKey, target);
}
