import { Buffer } from 'node:buffer';
import { IdempotencyError } from '@twiceproof/core';
import type { RedisClient, RedisPipeline, RedisSubscriber, ScriptArgument } from './client.ts';

/** What is needed of a client that `createClient()` of node-redis makes. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  readonly options?:
    | {
        readonly socket?: { readonly reconnectStrategy?: unknown } | undefined;
      }
    | undefined;
  sendCommand(args: readonly (string | Buffer)[], options?: object): Promise<unknown>;
  publish(channel: string, message: string): Promise<unknown>;
  duplicate(overrides?: never): NodeRedisSubscriber;
}

/** A connection for publish/subscribe, as node-redis has it. */
export interface NodeRedisSubscriber {
  connect(): Promise<unknown>;
  subscribe(
    channels: string[],
    listener: (message: string, channel: string) => void,
  ): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: string, listener: () => void): unknown;
  destroy(): void;
}

/** By RESP's type bytes: what `$` begins is bytes, what `%` begins is a list, as in RESP2. */
const asBytes = { typeMapping: { 36: Buffer, 37: Array } };
const asText = { typeMapping: { 37: Array } };

/**
 * A client of node-redis (`redis` or `@redis/client`, 5 or newer) of a single server, in the form that
 * `redisStore` and `redisInvalidation` take. It stays yours: connect and close it, and listen to its
 * errors. For Sentinel and Cluster take ioredis.
 *
 * @throws IdempotencyError `OPTIONS_INVALID` for what is no client of node-redis.
 *
 * @example
 * ```ts
 * import { nodeRedis, redisStore } from '@twiceproof/redis';
 * import { createClient } from '@redis/client';
 *
 * const client = createClient({ url: 'redis://localhost:6379' });
 * client.on('error', (error) => console.error(error));
 * await client.connect();
 * const store = redisStore({ client: nodeRedis(client) });
 * ```
 */
export function nodeRedis(client: NodeRedisClient): RedisClient & NodeRedisPublisher {
  if (typeof client?.sendCommand !== 'function' || typeof client.isReady !== 'boolean') {
    const message = 'nodeRedis takes what createClient() of node-redis answers';
    throw new IdempotencyError('OPTIONS_INVALID', message);
  }
  const commands = commandsOn((args) => client.sendCommand(args, asBytes));
  return {
    ...commands,
    options: {
      ...client.options?.socket,
      // As ioredis has it: whether the client connects again once its connection ends.
      retryStrategy: () => (client.options?.socket?.reconnectStrategy === false ? undefined : 0),
    },
    get status() {
      if (client.isReady) return 'ready';
      return client.isOpen ? 'connecting' : 'end';
    },
    ping: () => client.sendCommand(['PING'], asText),
    // The server ends the connection then, and the client opens another one.
    disconnect: () => void client.sendCommand(['QUIT'], asText).catch(() => {}),
    pipeline: () => pipelineOn(client),
    scan: (...args) => client.sendCommand(['SCAN', ...args.map(String)], asText) as never,
    info: async () => String(await client.sendCommand(['INFO'], asText)),
    config: (get, name) => client.sendCommand(['CONFIG', get, name], asText),
    publish: (channel, message) => client.publish(channel, message),
    duplicate: () => subscriberOf(client.duplicate(onceOnly(client) as never)),
  };
}

/** What `redisInvalidation` takes beside `duplicate`. */
export interface NodeRedisPublisher {
  publish(channel: string, message: string): Promise<unknown>;
}

type Send = (args: (string | Buffer)[]) => Promise<unknown>;

function commandsOn(send: Send) {
  const run = (command: string) => {
    return (text: string, keys: number, ...rest: ScriptArgument[]) =>
      send([command, text, String(keys), ...rest.map(asArgument)]);
  };
  return {
    setBuffer: (...args: ScriptArgument[]) =>
      send(['SET', ...args.map(asArgument)]) as Promise<Buffer | null>,
    getBuffer: (key: string) => send(['GET', key]) as Promise<Buffer | null>,
    mgetBuffer: (...keys: string[]) => send(['MGET', ...keys]),
    evalsha: run('EVALSHA'),
    eval: run('EVAL'),
    evalshaBuffer: run('EVALSHA'),
    evalBuffer: run('EVAL'),
  };
}

/** Commands that are sent in one turn go to the one connection of the client in their order. */
function pipelineOn(client: NodeRedisClient): RedisPipeline {
  const sent: Promise<unknown>[] = [];
  const send: Send = (args) => {
    const answer = client.sendCommand(args, asBytes);
    sent.push(answer);
    return answer;
  };
  return {
    ...commandsOn(send),
    wait: (replicas, timeoutMs) => send(['WAIT', String(replicas), String(timeoutMs)]),
    async exec() {
      const answers = await Promise.allSettled(sent);
      return answers.map((answer) =>
        answer.status === 'fulfilled' ? [null, answer.value] : [answer.reason, undefined],
      );
    },
  };
}

/** A connection that ends where others would be opened again. */
function onceOnly({ options }: NodeRedisClient): object {
  return { socket: { ...options?.socket, reconnectStrategy: false } };
}

function subscriberOf(connection: NodeRedisSubscriber): RedisSubscriber {
  let heard: ((channel: string, message: string) => void) | undefined;
  // One function for all channels, so that a second subscription is the same one.
  const listener = (message: string, channel: string) => heard?.(channel, message);
  let connected: Promise<unknown> | undefined;
  return {
    async subscribe(...channels) {
      connected ??= connection.connect();
      await connected;
      await connection.subscribe(channels, listener);
    },
    unsubscribe: (channel) => connection.unsubscribe(channel),
    on(event: string, listen: (...args: string[]) => void) {
      if (event === 'message') heard = listen;
      // One that does not connect again has no other errors than its end.
      else connection.on('error', listen);
    },
    disconnect() {
      try {
        connection.destroy();
      } catch {
        // It had ended by itself.
      }
    },
  };
}

function asArgument(argument: ScriptArgument): string | Buffer {
  return typeof argument === 'number' ? String(argument) : argument;
}
