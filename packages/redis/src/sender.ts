import type { RedisClient, ScriptArgument } from './client.ts';
import type { Script, ScriptAnswer } from './script.ts';
import { straightCommand } from './straight-command.ts';

/** Puts one command on the wire. */
export interface Sender {
  /** `SET … NX GET PX`: null if the key was free and holds the value now, else what it holds. */
  claim(key: string, value: string, ttlMs: number): Promise<Buffer | null>;
  read(key: string): Promise<Buffer | null>;
  /** Fails with NOSCRIPT on a server that was not sent the script's text. */
  runBySha(script: Script, key: string, rest: readonly ScriptArgument[]): Promise<ScriptAnswer>;
  runByText(script: Script, key: string, rest: readonly ScriptArgument[]): Promise<ScriptAnswer>;
}

/** ioredis has these beside the ones that its types name. */
export interface Buffers {
  setBuffer: RedisClient['setBuffer'];
  evalshaBuffer: RedisClient['evalsha'];
  evalBuffer: RedisClient['eval'];
}

export function directSender(userClient: RedisClient): Sender {
  const client = userClient as RedisClient & Buffers;
  const sender: Sender = {
    claim: (key, value, ttlMs) => client.setBuffer(key, value, 'PX', ttlMs, 'NX', 'GET'),
    read: (key) => client.getBuffer(key),
    runBySha: ({ sha1 }, key, rest) =>
      client.evalshaBuffer(sha1, 1, key, ...rest) as Promise<ScriptAnswer>,
    runByText: ({ lua }, key, rest) =>
      client.evalBuffer(lua, 1, key, ...rest) as Promise<ScriptAnswer>,
  };
  const isPipelined = client.nodes !== undefined && client.options?.enableAutoPipelining === true;
  return isPipelined ? straightIfMisrouted(sender, client) : sender;
}

/** Sends again by itself what a Cluster did not take together with others. */
function straightIfMisrouted(pipelined: Sender, client: RedisClient): Sender {
  const [set, get] = [straightCommand(client, 'set'), straightCommand(client, 'get')];
  const [evalsha, evalText] = [straightCommand(client, 'evalsha'), straightCommand(client, 'eval')];

  const follow = async <Answer>(
    send: () => Promise<Answer>,
    straight: () => Promise<unknown>,
  ): Promise<Answer> => {
    try {
      return await send();
    } catch (error) {
      if (!isMisrouted(error)) throw error;
      return straight() as Promise<Answer>;
    }
  };
  return {
    claim: (key, value, ttlMs) =>
      follow(
        () => pipelined.claim(key, value, ttlMs),
        () => set(key, value, 'PX', ttlMs, 'NX', 'GET'),
      ),
    read: (key) =>
      follow(
        () => pipelined.read(key),
        () => get(key),
      ),
    runBySha: (script, key, rest) =>
      follow(
        () => pipelined.runBySha(script, key, rest),
        () => evalsha(script.sha1, 1, key, ...rest),
      ),
    runByText: (script, key, rest) =>
      follow(
        () => pipelined.runByText(script, key, rest),
        () => evalText(script.lua, 1, key, ...rest),
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
