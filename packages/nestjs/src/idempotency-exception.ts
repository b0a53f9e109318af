import { HttpException } from '@nestjs/common';
import type { Problem } from '@twiceproof/http';
import type { PlainResponse } from '@twiceproof/http/adapter';

/**
 * What a route with `@IdempotencyKey()` throws instead of running: exception filters see it like any
 * other. Its response is the problem's body, and the headers are on the reply already.
 *
 * @example
 * ```ts
 * import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
 * import { IdempotencyException } from '@twiceproof/nestjs';
 *
 * @Catch(IdempotencyException)
 * export class ConflictFilter implements ExceptionFilter {
 *   catch({ problem }: IdempotencyException, host: ArgumentsHost): void {
 *     host.switchToHttp().getResponse().status(problem.status).json({ error: problem.name });
 *   }
 * }
 * ```
 */
export class IdempotencyException extends HttpException {
  readonly problem: Problem;

  constructor(problem: Problem, response: PlainResponse) {
    super(bodyOf(response), response.status, { description: problem.title });
    this.problem = problem;
  }
}

function bodyOf({ headers, body }: PlainResponse): string | Record<string, unknown> {
  const text = Buffer.from(body).toString();
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return /[/+]json/.test(type) ? JSON.parse(text) : text;
}
