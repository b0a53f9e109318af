import type { StoreOptions } from '@idemkit/core';
import type { RedisClient, ScriptArgument } from './client.ts';
import { corrupt } from './corrupt.ts';
import { engineError } from './engine-errors.ts';
import type { Script, ScriptAnswer } from './script.ts';
import { directSender, type WaitOptions, waitingSender } from './sender.ts';
import type { ServerClock } from './server-clock.ts';
import { untilAborted } from './until-aborted.ts';

type Run = (
  script: Script,
  id: string,
  rest: readonly ScriptArgument[],
  options: StoreOptions | undefined,
) => Promise<ScriptAnswer>;

/** The store's commands, each about one record. Their faults say what to do. */
export interface Commands {
  /** Null if the record was absent and is claimed now, else what the key holds. */
  claim(
    id: string,
    value: string,
    ttlMs: number,
    options: StoreOptions | undefined,
  ): Promise<Buffer | null>;
  /** A plain GET; not there for a client that sends it to replicas, which are behind. */
  read?(id: string, options: StoreOptions | undefined): Promise<Buffer | null>;
  /** Runs a script, and learns from its answer what the server's clock says. */
  readonly run: Run;
  /** The same for a write that replicas must confirm, if they are to. */
  readonly write: Run;
}

export function createCommands(
  client: RedisClient,
  prefix: string,
  clock: ServerClock,
  wait: WaitOptions | undefined,
): Commands {
  const direct = directSender(client);
  const sender = wait === undefined ? direct : waitingSender(client, wait);

  const runBy =
    ({ run }: typeof direct): Run =>
    async (script, id, rest, options) => {
      const askedAt = performance.now();
      let answer: ScriptAnswer;
      try {
        const send = () => run(script, `${prefix}:${id}`, rest);
        answer = await untilAborted(client, options, send);
      } catch (error) {
        throw engineError(error, id);
      }
      if (answer[1] > 0) clock.learn(answer[1], askedAt);
      if (answer[0] === -1) throw corrupt(id);
      return answer;
    };

  const read = async (id: string, options: StoreOptions | undefined) => {
    try {
      return await untilAborted(client, options, () => client.getBuffer(`${prefix}:${id}`));
    } catch (error) {
      throw engineError(error, id);
    }
  };
  const { scaleReads = 'master' } = client.options ?? {};

  return {
    ...(scaleReads === 'master' && { read }),
    async claim(id, value, ttlMs, options) {
      try {
        const send = () => sender.claim(`${prefix}:${id}`, value, ttlMs);
        return await untilAborted(client, options, send);
      } catch (error) {
        throw engineError(error, id);
      }
    },
    run: runBy(direct),
    write: runBy(sender),
  };
}
