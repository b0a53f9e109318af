import 'reflect-metadata';
import type { ExecutionContext } from '@nestjs/common';

// Nest's own names: of a route's parameters, and of `@Res({ passthrough: true })`.
const parametersKey = '__routeArguments__';
const passthroughKey = '__responsePassthrough__';
const responseOrNext = /^[12]:/;

/** Whether the route asks for the response, with `@Res()` or `@Next()`, so that Nest leaves it to it. */
export function answersItself(context: ExecutionContext): boolean {
  const { name } = context.getHandler();
  const controller = context.getClass();
  if (Reflect.getMetadata(passthroughKey, controller, name)) return false;
  const parameters: object = Reflect.getMetadata(parametersKey, controller, name) ?? {};
  return Object.keys(parameters).some((key) => responseOrNext.test(key));
}
