import type { RedisClient, ScriptArgument } from './client.ts';

type Command = (...args: readonly ScriptArgument[]) => Promise<unknown>;

/** What makes a command of ioredis that never waits for others to be sent along with it. */
interface CommandMaker {
  createBuiltinCommand(name: string): { readonly buffer: Command };
}

/**
 * A command of a Cluster, by itself. Of a pipeline ioredis follows a slot that has moved only if every
 * command failed in the same way; of a single command always. It answers bytes.
 */
export function straightCommand(client: RedisClient, name: 'get' | 'set' | 'eval' | 'evalsha') {
  const { buffer } = (client as RedisClient & CommandMaker).createBuiltinCommand(name);
  return buffer.bind(client) as Command;
}
