/**
 * What the store needs of an ioredis client, single node, Sentinel or Cluster. The client stays the
 * user's: the store neither configures nor closes it.
 */
export interface RedisClient extends RedisNode {
  readonly options?:
    | {
        /** ioredis puts it before every key, and not before the pattern of a SCAN. */
        readonly keyPrefix?: string | undefined;
        /** Of a Cluster. */
        readonly scaleReads?: unknown;
      }
    | undefined;
  readonly status: string;
  setBuffer(
    key: string,
    value: string,
    milliseconds: 'PX',
    ttl: number,
    condition: 'NX',
    answer: 'GET',
  ): Promise<Buffer | null>;
  getBuffer(key: string): Promise<Buffer | null>;
  evalsha(sha1: string, keys: number, ...rest: ScriptArgument[]): Promise<unknown>;
  eval(lua: string, keys: number, ...rest: ScriptArgument[]): Promise<unknown>;
  pipeline(): RedisPipeline;
  /** Takes options; that of a Cluster, nodes before them. */
  duplicate(...overrides: never[]): RedisSubscriber;
  /** A Cluster has it. */
  nodes?(role: 'master'): readonly RedisNode[];
}

export type ScriptArgument = string | number | Buffer;

/** Commands of one connection, in order, in one round trip. */
export interface RedisPipeline {
  wait(replicas: number, timeoutMs: number): unknown;
  exec(): Promise<[error: Error | null, answer: unknown][] | null>;
}

/** One server: a single client, or a master of a Cluster. */
export interface RedisNode {
  readonly options?: unknown;
  scan(
    cursor: string,
    match: 'MATCH',
    pattern: string,
    count: 'COUNT',
    number: number,
  ): Promise<[cursor: string, keys: string[]]>;
  info(): Promise<string>;
  config(get: 'GET', name: string): Promise<unknown>;
}

/** A connection of the store's own, for publish/subscribe. */
export interface RedisSubscriber {
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: 'message', listener: (channel: string, message: string) => void): unknown;
  on(event: 'ready' | 'error', listener: () => void): unknown;
  disconnect(): void;
}
