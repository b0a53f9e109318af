import { invalidOption } from './option-checks.ts';

/**
 * Throws `OPTIONS_INVALID` for what is not what `createIdempotency()` answers, such as a store.
 *
 * @example
 * ```ts
 * import type { Idempotency, WrapOptions } from '@twiceproof/core';
 * import { checkIdempotency, checkWrappable } from '@twiceproof/core/toolkit';
 *
 * type Handler = (message: { id: string }) => Promise<void>;
 *
 * export function onMessage(
 *   idempotency: Idempotency,
 *   options: WrapOptions<Parameters<Handler>>,
 *   handler: Handler,
 * ) {
 *   checkIdempotency(idempotency, 'onMessage');
 *   checkWrappable(handler, 'onMessage');
 *   return idempotency.wrap(handler, options);
 * }
 * ```
 */
export function checkIdempotency(value: unknown, where: string): void {
  if (typeof (value as { readonly wrap?: unknown } | null | undefined)?.wrap === 'function') return;
  throw invalidOption(`${where} needs idempotency; give what createIdempotency() answers`);
}
