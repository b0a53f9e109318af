import type { Operation } from './execution/operation.ts';
import { invalidOption, shown } from './options/option-checks.ts';
import { checkWrappable } from './options/wrappable.ts';
import { wrapped } from './wrapped.ts';

/** A decorator for methods that answer a promise: a standard one and, under `experimentalDecorators`, a
 * legacy one. Throws `OPTIONS_INVALID` for anything else, where the class is defined. */
export interface IdempotentMethod<Args extends readonly unknown[]> {
  <This, MethodArgs extends readonly [...Args, ...unknown[]], Value>(
    method: (this: This, ...args: MethodArgs) => Promise<Value>,
    context: ClassMethodDecoratorContext<This>,
  ): (this: This, ...args: MethodArgs) => Promise<Value>;

  <MethodArgs extends readonly [...Args, ...unknown[]], Value>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<(...args: MethodArgs) => Promise<Value>>,
  ): TypedPropertyDescriptor<(...args: MethodArgs) => Promise<Value>>;
}

type Method = (...args: readonly unknown[]) => unknown;

/** The decorator that protects a method with `operation`. */
export function methodDecorator(
  operation: Operation<never>,
): (...given: readonly unknown[]) => unknown {
  const protect = (method: Method): unknown => {
    checkWrappable(method, `method of '${operation.name}'`);
    const wrapper = wrapped(operation as never, method as never);
    keepMetadata(method, wrapper);
    return wrapper;
  };
  return (target, context, descriptor) => {
    if (typeof context === 'object' && context !== null) {
      const { kind } = context as { kind?: unknown };
      if (kind !== 'method' || typeof target !== 'function') throw noMethod(operation.name, kind);
      return protect(target as Method);
    }
    const { value } = (descriptor ?? {}) as TypedPropertyDescriptor<unknown>;
    if (context === undefined || typeof value !== 'function') {
      throw noMethod(operation.name, legacyKind(context, descriptor));
    }
    return { ...(descriptor as PropertyDescriptor), value: protect(value as Method) };
  };
}

function noMethod(operation: string, kind: unknown): Error {
  return invalidOption(
    `method of '${operation}' decorates ${typeof kind === 'string' ? `a ${kind}` : shown(kind)}, which stays unprotected; put it on a method, with standard decorators or with experimentalDecorators`,
  );
}

function legacyKind(name: unknown, descriptor: unknown): string {
  if (name === undefined) return 'class';
  if (typeof descriptor === 'number') return 'parameter';
  return descriptor === undefined || 'initializer' in (descriptor as object) ? 'field' : 'getter';
}

/** With reflect-metadata, decorators below this one have left their notes on the method. */
function keepMetadata(from: object, to: object): void {
  const { getOwnMetadataKeys, getOwnMetadata, defineMetadata } = Reflect as Partial<{
    getOwnMetadataKeys(target: object): readonly unknown[];
    getOwnMetadata(key: unknown, target: object): unknown;
    defineMetadata(key: unknown, value: unknown, target: object): void;
  }>;
  if (!getOwnMetadataKeys || !getOwnMetadata || !defineMetadata) return;
  for (const key of getOwnMetadataKeys(from)) defineMetadata(key, getOwnMetadata(key, from), to);
}
