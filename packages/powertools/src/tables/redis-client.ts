import { invalidOption, within } from '@twiceproof/core/toolkit';
import type { OldAttributes } from './old-table.ts';

/** What is needed of a client: `call` of ioredis, or `sendCommand` of node-redis. */
export type RedisClient =
  | { call(command: string, ...args: string[]): Promise<unknown> }
  | { sendCommand(args: string[]): Promise<unknown> };

/** A Redis or Valkey that Powertools keeps its records in. */
export interface OldRedis extends OldAttributes {
  readonly client: RedisClient;
}

export type RedisCommand = (command: string, ...args: string[]) => Promise<unknown>;

/** How long a request may take. */
const requestMs = 10_000;

/** Sends one command; an answer that does not come in time is a fault. */
export function redisCommand(client: RedisClient): RedisCommand {
  const send = senderOf(client);
  return async (command, ...args) =>
    within(send(command, ...args), requestMs, () => {
      throw new Error(`no answer to ${command} within ${requestMs} ms`);
    });
}

function senderOf(client: RedisClient): RedisCommand {
  // A client of ioredis has both, and its sendCommand takes something else.
  if ('call' in client && typeof client.call === 'function') {
    return (command, ...args) => client.call(command, ...args);
  }
  if ('sendCommand' in client && typeof client.sendCommand === 'function') {
    return (...command) => client.sendCommand(command);
  }
  throw invalidOption(
    'powertools: redis.client is no client of ioredis or node-redis; give the one that is connected to where the old records are',
  );
}
