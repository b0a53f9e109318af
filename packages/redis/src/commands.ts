import type { StoreOptions } from '@twiceproof/core';
import { askAlone } from './ask-alone.ts';
import type { RedisClient, ScriptArgument } from './client.ts';
import type { CommandSettings } from './command-settings.ts';
import { corrupt } from './corrupt.ts';
import { createGroups } from './groups.ts';
import { packed } from './packed-settlements.ts';
import type { RecordRequests, SingleRequests } from './record-requests.ts';
import { runScript } from './run-script.ts';
import type { GroupAnswer, Script, ScriptAnswer, SettleAnswer } from './script.ts';
import { settleScript } from './scripts.ts';
import { directSender, straightSender, type WaitingSender } from './sender.ts';
import { createSwapSupport } from './swap-support.ts';
import { waitingSender } from './waiting-sender.ts';

type Run = (
  script: Script,
  id: string,
  rest: readonly ScriptArgument[],
  options: StoreOptions | undefined,
) => Promise<ScriptAnswer>;

/** The store's commands, each about one record. */
export interface Commands extends RecordRequests {
  readonly keyOf: (id: string) => string;
  /** A plain GET, where there is `look`. */
  read?(id: string, options: StoreOptions | undefined): Promise<Buffer | null>;
  /** Runs a script, whose faults say what to do, and learns from its answer what the server's clock says. */
  readonly run: Run;
  /** The same for a write that replicas must confirm, if they are to. */
  readonly write: Run;
}

export function createCommands(client: RedisClient, settings: CommandSettings): Commands {
  const { prefix, clock, wait, delivery, fault, settleCommon } = settings;
  const { deliver } = delivery;
  const isCluster = client.nodes !== undefined;
  const direct = directSender(client);
  const waiting = wait && waitingSender(client, wait, direct);
  const sender = waiting ?? direct;
  const swapper = isCluster ? direct : straightSender(client);
  const first = waiting ?? swapper;
  // Replicas confirm what a script wrote.
  const swaps = waiting ? undefined : createSwapSupport(swapper.swap, prefix);
  const keyOf = (id: string) => `${prefix}:${id}`;

  const alone: SingleRequests = {
    claim: ({ key, value, ttlMs, options }) =>
      deliver(key, options, () => first.claim(key, value, ttlMs)),
    look: ({ key, options }) => deliver(key, options, () => first.read(key)),
    async settle(request) {
      const { key, options } = request;
      const swap = swaps?.isKnown ? request.swap() : undefined;
      if (swap !== undefined) {
        const { from, to, ttlMs } = swap;
        try {
          const isSwapped = () => swapper.swap(key, to, from, ttlMs);
          if (await deliver(key, options, isSwapped)) return null;
        } catch (error) {
          if (!swaps!.isRefusal(error)) throw error;
        }
        options?.signal?.throwIfAborted();
      }
      const rest = [settleCommon, packed([request])];
      let askedAt = 0;
      const send = (run: WaitingSender['runBySha']) =>
        deliver(key, options, () => {
          askedAt = performance.now();
          return run(settleScript, key, rest);
        });
      const [micros, answer] = (await runScript(
        () => send(first.runBySha),
        () => send(first.runByText),
      )) as GroupAnswer;
      if (Number(micros) > 0) clock.learn(Number(micros), askedAt);
      return answer as SettleAnswer;
    },
  };
  const { claim, look, settle }: Required<RecordRequests> =
    isCluster || waiting
      ? {
          claim: (request) => askAlone(request, alone.claim, fault),
          look: (request) => askAlone(request, alone.look, fault),
          settle: (request) => askAlone(request, alone.settle, fault),
        }
      : createGroups(straightSender(client), alone, settings);

  const runBy =
    ({ runBySha, runByText }: WaitingSender): Run =>
    async (script, id, rest, options) => {
      let askedAt = 0;
      const key = keyOf(id);
      const ask = (run: WaitingSender['runBySha']) =>
        deliver(key, options, () => {
          askedAt = performance.now();
          return run(script, key, rest);
        });
      let raw: readonly unknown[];
      try {
        raw = (await runScript(
          () => ask(runBySha),
          () => ask(runByText),
        )) as readonly unknown[];
      } catch (error) {
        throw fault(error, id);
      }
      const answer = asAnswer(raw);
      if (answer[1] > 0) clock.learn(answer[1], askedAt);
      if (answer[0] === 'unreadable') throw corrupt(id);
      return answer;
    };

  const read = async (id: string, options: StoreOptions | undefined) => {
    const key = keyOf(id);
    try {
      return await deliver(key, options, () => direct.read(key));
    } catch (error) {
      throw fault(error, id);
    }
  };
  const { scaleReads = 'master' } = client.options ?? {};

  return {
    ...(scaleReads === 'master' && { read, look }),
    keyOf,
    claim,
    settle,
    run: runBy(direct),
    write: runBy(sender),
  };
}

/** Texts come as buffers; a client with the option stringNumbers has its numbers as strings. */
function asAnswer([verdict, ...rest]: readonly unknown[]): ScriptAnswer {
  const parts = rest.map((part) => (typeof part === 'string' ? Number(part) : part));
  return [String(verdict), ...parts] as unknown as ScriptAnswer;
}
