import type { Idempotency as CoreIdempotency } from '@twiceproof/core';

/** The deployment that `TwiceproofModule` provides: what to ask for in a constructor. */
export interface Idempotency extends CoreIdempotency {}

/**
 * The token under which the deployment is provided; as the type of a constructor's parameter it says
 * both what is wanted and what it is.
 *
 * @example
 * ```ts
 * import { Injectable } from '@nestjs/common';
 * import { Idempotency } from '@twiceproof/nestjs';
 *
 * @Injectable()
 * export class Operators {
 *   constructor(private readonly idempotency: Idempotency) {}
 *
 *   stuck() {
 *     return this.idempotency.records.list({ stuck: true });
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: an interface has no token, and a class alone no methods
export abstract class Idempotency {}
