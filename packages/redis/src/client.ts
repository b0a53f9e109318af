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
        readonly enableAutoPipelining?: boolean | undefined;
        readonly retryStrategy?: unknown;
      }
    | undefined;
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
  /** Ends the connection, and opens another one. */
  disconnect?(reconnect: boolean): void;
  /** A Cluster has these. */
  nodes?(role: 'master'): readonly RedisNode[];
  /** By slot, `host:port` of its master and then of its replicas. */
  readonly slots?: readonly (readonly string[])[];
  refreshSlotsCache?(): void;
}

export type ScriptArgument = string | number | Buffer;

/** Commands of one connection, in order, in one round trip. */
export interface RedisPipeline {
  /** Only that of ioredis has it. */
  asking?(): unknown;
  wait(replicas: number, timeoutMs: number): unknown;
  exec(): Promise<[error: Error | null, answer: unknown][] | null>;
}

/** One server: a single client, or a master of a Cluster. */
export interface RedisNode {
  readonly options?: unknown;
  readonly status: string;
  readonly stream?: { readonly writable: boolean } | undefined;
  ping(): Promise<unknown>;
  pipeline(): RedisPipeline;
  /** A connection of its own with other options. */
  duplicate(overrides?: never): RedisSubscriber;
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

/** A connection of our own, for publish/subscribe. It does not connect again by itself. */
export interface RedisSubscriber {
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: 'message', listener: (channel: string, message: string) => void): unknown;
  on(event: 'end' | 'error', listener: () => void): unknown;
  disconnect(): void;
}
