import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { IdempotencyKeyInterceptor } from './idempotency-key-interceptor.ts';
import type { RouteOptions } from './module-options.ts';
import { routeOptionsKey } from './route-options-key.ts';

/**
 * Gives a route, or all routes of a controller, the `Idempotency-Key` header, on Express and on
 * Fastify: a request with a key runs the handler once, and another one with the same key gets the
 * recorded response. It stands behind guards and before pipes. The options go over those of the
 * controller, and those over the module's.
 *
 * @example
 * ```ts
 * import { Controller, Post } from '@nestjs/common';
 * import { IdempotencyKey } from '@twiceproof/nestjs';
 *
 * @Controller('charges')
 * export class ChargesController {
 *   @Post()
 *   @IdempotencyKey({ operation: 'create-charge' })
 *   create() {
 *     return { charged: true };
 *   }
 * }
 * ```
 */
export function IdempotencyKey(options: RouteOptions = {}): ClassDecorator & MethodDecorator {
  return applyDecorators(
    SetMetadata(routeOptionsKey, options),
    UseInterceptors(IdempotencyKeyInterceptor),
  );
}
