import type { RedisClient, ScriptArgument } from './client.ts';
import type { Script } from './script.ts';
import { straightCommand } from './straight-command.ts';

/** Puts one command on the wire. */
export interface Sender extends WaitingSender {
  /** `SET … IFEQ`: whether the key held exactly that, and holds the value now. */
  swap(key: string, value: Buffer, from: string, ttlMs: number | undefined): Promise<boolean>;
}

/** The same of one that waits for replicas, which confirm claims and what scripts write. */
export interface WaitingSender {
  /** `SET … NX GET PX`: null if the key was free and holds the value now, else what it holds. */
  claim(key: string, value: string, ttlMs: number): Promise<Buffer | null>;
  read(key: string): Promise<Buffer | null>;
  /** Fails with NOSCRIPT on a server that was not sent the script's text. */
  runBySha(script: Script, key: string, rest: readonly ScriptArgument[]): Promise<unknown>;
  runByText(script: Script, key: string, rest: readonly ScriptArgument[]): Promise<unknown>;
}

/** Requests about several records, for one server. */
export interface GroupSender {
  readMany(keys: readonly string[]): Promise<readonly (Buffer | null)[]>;
  runBySha(script: Script, keys: readonly string[], rest: ScriptArgument[]): Promise<unknown>;
  runByText(script: Script, keys: readonly string[], rest: ScriptArgument[]): Promise<unknown>;
}

/** ioredis has these beside the ones that its types name. */
export interface Buffers {
  setBuffer: RedisClient['setBuffer'] & Set;
  evalshaBuffer: RedisClient['evalsha'];
  evalBuffer: RedisClient['eval'];
}

type Set = (...args: readonly ScriptArgument[]) => Promise<unknown>;

/** Sends as the client sends the user's own commands. */
export function directSender(userClient: RedisClient): Sender {
  const client = userClient as RedisClient & Buffers;
  const sender: Sender = {
    claim: (key, value, ttlMs) => client.setBuffer(key, value, 'PX', ttlMs, 'NX', 'GET'),
    read: (key) => client.getBuffer(key),
    swap: swapBy((...args) => client.setBuffer(...args)),
    runBySha: ({ sha1 }, key, rest) => client.evalshaBuffer(sha1, 1, key, ...rest),
    runByText: ({ lua }, key, rest) => client.evalBuffer(lua, 1, key, ...rest),
  };
  const isPipelined = client.nodes !== undefined && client.options?.enableAutoPipelining === true;
  return isPipelined ? straightIfMisrouted(sender, client) : sender;
}

/** Sends by itself, whatever the client does with others: what goes in groups waits for nobody. */
export function straightSender(client: RedisClient): Sender & GroupSender {
  const [set, get, mget] = [
    straightCommand(client, 'set'),
    straightCommand(client, 'get'),
    straightCommand(client, 'mget'),
  ];
  const [evalsha, evalText] = [straightCommand(client, 'evalsha'), straightCommand(client, 'eval')];
  return {
    claim: (key, value, ttlMs) =>
      set(key, value, 'PX', ttlMs, 'NX', 'GET') as Promise<Buffer | null>,
    read: (key) => get(key) as Promise<Buffer | null>,
    swap: swapBy(set),
    readMany: (keys) => mget(...keys) as Promise<(Buffer | null)[]>,
    runBySha: ({ sha1 }, keys, rest) => evalsha(sha1, ...counted(keys), ...rest),
    runByText: ({ lua }, keys, rest) => evalText(lua, ...counted(keys), ...rest),
  };
}

function swapBy(set: Set): Sender['swap'] {
  return async (key, value, from, ttlMs) => {
    const expiry = ttlMs === undefined ? [] : ['PX', ttlMs];
    return (await set(key, value, 'IFEQ', from, ...expiry)) !== null;
  };
}

function counted(keys: string | readonly string[]): ScriptArgument[] {
  return typeof keys === 'string' ? [1, keys] : [keys.length, ...keys];
}

/** Sends again by itself what a Cluster did not take together with others. */
function straightIfMisrouted(pipelined: Sender, client: RedisClient): Sender {
  const straight = straightSender(client);
  const follow = async <Answer>(
    send: () => Promise<Answer>,
    again: () => Promise<Answer>,
  ): Promise<Answer> => {
    try {
      return await send();
    } catch (error) {
      if (!isMisrouted(error)) throw error;
      return again();
    }
  };
  return {
    claim: (...claim) =>
      follow(
        () => pipelined.claim(...claim),
        () => straight.claim(...claim),
      ),
    read: (key) =>
      follow(
        () => pipelined.read(key),
        () => straight.read(key),
      ),
    swap: (...swap) =>
      follow(
        () => pipelined.swap(...swap),
        () => straight.swap(...swap),
      ),
    runBySha: (...run) =>
      follow(
        () => pipelined.runBySha(...run),
        () => straight.runBySha(...run),
      ),
    runByText: (...run) =>
      follow(
        () => pipelined.runByText(...run),
        () => straight.runByText(...run),
      ),
  };
}

/**
 * Whether the command did not reach the master of its slot, and so did nothing: the server said so, or
 * ioredis found no node for a pipeline, or nodes that differ, when slots had just moved.
 */
export function isMisrouted(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error instanceof TypeError || misrouted.test(error.message);
}

const misrouted =
  /^(MOVED|ASK|TRYAGAIN|CLUSTERDOWN|All keys in the pipeline|Too many Cluster redirections)\b/;
