import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { outcomeUnknown } from '@twiceproof/core';
import { answerNode, HeldResponse, type Remaining } from '@twiceproof/http/adapter';
import { Observable, type Subscriber } from 'rxjs';
import { answersItself } from './answers-itself.ts';
import { IdempotencyException } from './idempotency-exception.ts';
import { outliving } from './outliving.ts';
import { exchangeOf, type PlatformExchange } from './platform.ts';
import { RouteGates } from './route-gates.ts';

/** What `@IdempotencyKey()` puts before a route. */
export class IdempotencyKeyInterceptor implements NestInterceptor {
  readonly #gates: RouteGates;

  constructor(gates: RouteGates) {
    this.#gates = gates;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const gate = this.#gates.of(context.getClass(), context.getHandler());
    const exchange = exchangeOf(context);
    if (!gate.takes(exchange.incoming.method)) return next.handle();
    return new Observable((subscriber) => {
      const handle = (held?: HeldResponse): void => {
        let awaited = held;
        // An interceptor further out has given up, and answers while the handler may go on.
        subscriber.add(() =>
          awaited?.threw(outcomeUnknown(new Error('nobody waited for the handler'))),
        );
        next.handle().subscribe({
          next(value) {
            awaited = undefined;
            subscriber.next(held ? outliving(value) : value);
          },
          complete() {
            awaited = undefined;
            subscriber.complete();
          },
          error(error) {
            awaited = undefined;
            held?.threw(error);
            subscriber.error(error);
          },
        });
      };
      answerNode(gate, exchange.incoming, exchange.res, handle)
        .then((remaining) => {
          if (remaining.kind === 'untouched') handle();
          if (remaining.kind !== 'respond') return undefined;
          return respond(context, exchange, remaining, subscriber);
        })
        .catch((error) => subscriber.error(error));
    });
  }
}
Injectable()(IdempotencyKeyInterceptor);
Inject(RouteGates)(IdempotencyKeyInterceptor, undefined, 0);

/** Problems are for exception filters; a recorded response leaves as it was. */
async function respond(
  context: ExecutionContext,
  exchange: PlatformExchange,
  { response, problem }: Extract<Remaining, { kind: 'respond' }>,
  subscriber: Subscriber<unknown>,
): Promise<void> {
  if (problem) {
    exchange.setHeaders(response.headers);
    throw new IdempotencyException(problem, response);
  }
  const end = (): void => {
    subscriber.next(undefined);
    subscriber.complete();
  };
  if (answersItself(context)) {
    exchange.send(response);
    end();
    return;
  }
  // Nest answers with what this route gives, which is nothing; the recorded response takes its place.
  const held = new HeldResponse(exchange.res, 0, []);
  end();
  await held.produced;
  held.sendInstead(response);
}
