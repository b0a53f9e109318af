import 'reflect-metadata';
import { Inject } from '@nestjs/common';
import type { Idempotency, IdempotentMethod, WrapOptions } from '@twiceproof/core';
import { Deployment } from './deployment.ts';
import { onlyDeployment } from './deployments.ts';

type Method = (this: object, ...args: unknown[]) => unknown;

/** Where Nest puts the deployment of the application into an instance that it makes. */
const place: unique symbol = Symbol.for('twiceproof.nestjs.deployment');

/** What methods with `@Idempotent()` are in a deployment, also before they are called. */
const preparations = new WeakMap<object, (idempotency: Idempotency) => unknown>();

/**
 * Makes a method of a provider safe to call twice, in the application's deployment. The options are
 * those of `wrap`. It is a legacy decorator where TypeScript has `experimentalDecorators`, as Nest's
 * own are, and a standard one elsewhere. The application does not start with an option that is wrong,
 * nor without `TwiceproofModule`.
 *
 * @example
 * ```ts
 * import { Idempotent } from '@twiceproof/nestjs';
 *
 * interface Refund {
 *   readonly id: string;
 *   readonly amount: number;
 * }
 *
 * export class Billing {
 *   @Idempotent({ operation: 'refund', key: (refund: Refund) => refund.id })
 *   async refund(refund: Refund) {
 *     return { refunded: refund.amount };
 *   }
 * }
 * ```
 */
export function Idempotent<Args extends readonly unknown[] = readonly unknown[]>(
  options: WrapOptions<Args>,
): IdempotentMethod<Args> {
  const decorate = (target: object, where: unknown, descriptor?: PropertyDescriptor): unknown => {
    if (isContext(where)) return idempotent(target as Method, options as WrapOptions<never>);
    const method: unknown = descriptor?.value;
    if (typeof method !== 'function') {
      throw new TypeError(`@Idempotent() stands before ${String(where)}, which is no method`);
    }
    // Static methods are on the class, which Nest makes no instance of.
    if (typeof target !== 'function') Inject(Deployment)(target, place);
    descriptor!.value = idempotent(method as Method, options as WrapOptions<never>);
    return descriptor;
  };
  return decorate as never;
}

/** Wraps a method with `@Idempotent()` in a deployment, so that an option that is wrong shows. */
export function prepare(method: unknown, idempotency: Idempotency): void {
  if (typeof method === 'function') preparations.get(method)?.(idempotency);
}

function idempotent(method: Method, options: WrapOptions<never>): Method {
  const wrapped = new WeakMap<Idempotency, Method>();
  const wrappedIn = (idempotency: Idempotency): Method => {
    const known = wrapped.get(idempotency);
    if (known) return known;
    const made = idempotency.wrap(method as never, options) as unknown as Method;
    wrapped.set(idempotency, made);
    return made;
  };
  const replacement: Method = async function idempotentMethod(...args) {
    const deployment = (this as { [place]?: Deployment } | undefined)?.[place];
    const idempotency = deployment?.idempotency ?? onlyDeployment(`'${options.operation}'`);
    return Reflect.apply(wrappedIn(idempotency), this, args);
  };
  Object.defineProperty(replacement, 'name', { value: method.name });
  Object.defineProperty(replacement, 'length', { value: method.length });
  // What other decorators have noted.
  for (const key of Reflect.getMetadataKeys(method)) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, method), replacement);
  }
  preparations.set(replacement, wrappedIn);
  return replacement;
}

function isContext(where: unknown): boolean {
  return typeof where === 'object' && where !== null && 'kind' in where;
}
