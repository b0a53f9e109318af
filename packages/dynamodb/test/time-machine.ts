import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { MachineClock } from '../src/clock.ts';

/** A world whose time passes only at will. */
export interface TimeMachine {
  readonly clock: MachineClock;
  pass(ms: number): void;
  /** Makes the service's answers to a store's requests tell the time of this world. */
  carry(client: DynamoDBClient): DynamoDBClient;
}

export function timeMachine(): TimeMachine {
  let now = Date.now();
  return {
    clock: { wall: () => now, monotonic: () => now },
    pass(ms) {
      now += ms;
    },
    carry(client) {
      // Innermost, so that the store's own middleware reads what is written here.
      const middleware = (next: (request: unknown) => Promise<unknown>) => {
        return async (request: unknown) => {
          const answer = (await next(request)) as { response: { headers: { date: string } } };
          answer.response.headers.date = new Date(now).toUTCString();
          return answer;
        };
      };
      client.middlewareStack.addRelativeTo(middleware as never, {
        relation: 'after',
        toMiddleware: 'twiceproofServiceDate',
        name: 'serviceTime',
      });
      return client;
    },
  };
}
