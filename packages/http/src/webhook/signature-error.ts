/**
 * Thrown by `verify` for an event that is not signed, or signed by somebody else: it is answered with
 * 401, where any other error is a 400.
 *
 * @example
 * ```ts
 * import { SignatureError } from '@twiceproof/http/webhooks';
 *
 * export async function verify(request: Request): Promise<unknown> {
 *   if (request.headers.get('x-token') !== 'the shared secret') throw new SignatureError();
 *   return request.json();
 * }
 * ```
 */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';

  constructor(message = 'the signature is missing or wrong', options?: ErrorOptions) {
    super(message, options);
  }
}
