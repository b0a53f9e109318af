import type { StoreOptions } from '@twiceproof/core';
import type { RedisClient, ScriptArgument } from './client.ts';
import { corrupt } from './corrupt.ts';
import type { Deliver } from './delivery.ts';
import type { Fault } from './fault.ts';
import type { Script, ScriptAnswer } from './script.ts';
import { directSender, type Sender } from './sender.ts';
import type { ServerClock } from './server-clock.ts';
import { type WaitOptions, waitingSender } from './waiting-sender.ts';

type Run = (
  script: Script,
  id: string,
  rest: readonly ScriptArgument[],
  options: StoreOptions | undefined,
) => Promise<ScriptAnswer>;

/** The store's commands, each about one record. */
export interface Commands {
  /**
   * Null if the record was absent and is claimed now, else what the key holds. Its faults are as
   * they come: it is on the way of every call, where one more promise is felt.
   */
  claim(
    id: string,
    value: string,
    ttlMs: number,
    options: StoreOptions | undefined,
  ): Promise<Buffer | null>;
  /** A plain GET; not there for a client that sends it to replicas, which are behind. */
  read?(id: string, options: StoreOptions | undefined): Promise<Buffer | null>;
  /** Runs a script, whose faults say what to do, and learns from its answer what the server's clock says. */
  readonly run: Run;
  /** The same for a write that replicas must confirm, if they are to. */
  readonly write: Run;
}

/** How commands are sent. */
export interface CommandSettings {
  readonly prefix: string;
  readonly clock: ServerClock;
  readonly wait: WaitOptions | undefined;
  readonly deliver: Deliver;
  readonly fault: Fault;
}

export function createCommands(
  client: RedisClient,
  { prefix, clock, wait, deliver, fault }: CommandSettings,
): Commands {
  const direct = directSender(client);
  const sender = wait === undefined ? direct : waitingSender(client, wait, direct);

  const key = (id: string) => `${prefix}:${id}`;

  const runBy =
    ({ runBySha, runByText }: Sender): Run =>
    async (script, id, rest, options) => {
      let askedAt = 0;
      const ask = (run: Sender['runBySha']) =>
        deliver(key(id), options, () => {
          askedAt = performance.now();
          return run(script, key(id), rest);
        });
      let answer: ScriptAnswer;
      try {
        answer = await ask(runBySha);
      } catch (error) {
        if (!isUnknownScript(error)) throw fault(error, id);
        try {
          answer = await ask(runByText);
        } catch (again) {
          throw fault(again, id);
        }
      }
      // A client with the option stringNumbers.
      if (typeof answer[0] === 'string') answer = inNumbers(answer);
      if (answer[1] > 0) clock.learn(answer[1], askedAt);
      if (answer[0] === -1) throw corrupt(id);
      return answer;
    };

  const read = async (id: string, options: StoreOptions | undefined) => {
    try {
      return await deliver(key(id), options, () => direct.read(key(id)));
    } catch (error) {
      throw fault(error, id);
    }
  };
  const { scaleReads = 'master' } = client.options ?? {};

  return {
    ...(scaleReads === 'master' && { read }),
    claim: (id, value, ttlMs, options) =>
      deliver(key(id), options, () => sender.claim(key(id), value, ttlMs)),
    run: runBy(direct),
    write: runBy(sender),
  };
}

/** Texts come as buffers. */
function inNumbers(answer: ScriptAnswer): ScriptAnswer {
  const parts = answer.map((part) => (typeof part === 'string' ? Number(part) : part));
  return parts as unknown as ScriptAnswer;
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
