import type { RedisClient, ScriptArgument } from './client.ts';

type Command = (...args: readonly ScriptArgument[]) => Promise<unknown>;

/** What makes a command of ioredis that never waits for others to be sent along with it. */
interface CommandMaker {
  createBuiltinCommand?(name: string): { readonly buffer: Command };
}

/**
 * A command by itself, which answers bytes. Auto-pipelining has no part in it: of a pipeline ioredis
 * follows a slot that has moved only if every command failed in the same way; of a single command always.
 */
export function straightCommand(
  client: RedisClient,
  name: 'get' | 'set' | 'mget' | 'eval' | 'evalsha',
): Command {
  const { createBuiltinCommand } = client as RedisClient & CommandMaker;
  const named = client as unknown as Record<string, Command>;
  const command = createBuiltinCommand?.call(client, name).buffer ?? named[`${name}Buffer`]!;
  return command.bind(client);
}
