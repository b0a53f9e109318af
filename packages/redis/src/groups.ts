import { type Acquisition, IdempotencyError, type Settlement } from '@twiceproof/core';
import { untilAborted } from '@twiceproof/core/toolkit';
import { askAlone } from './ask-alone.ts';
import type { ScriptArgument } from './client.ts';
import type { CommandSettings } from './command-settings.ts';
import { faultWord } from './engine-errors.ts';
import { createGroup, type Group, ItemFault } from './group-commit.ts';
import { packed } from './packed-settlements.ts';
import type {
  ClaimRequest,
  LookRequest,
  RecordRequest,
  RecordRequests,
  SettleRequest,
  SingleRequests,
} from './record-requests.ts';
import { runScript } from './run-script.ts';
import type { GroupAnswer, Script, SettleAnswer } from './script.ts';
import { claimsScript, settleScript } from './scripts.ts';
import type { GroupSender } from './sender.ts';

const maxItems = 64;
const maxBytes = 1 << 20;
/** Of one kind; more would not be answered before they are given up. */
const maxWaiting = 100_000;
const maxWaitingBytes = 128 << 20;
const maxRequests = 2;
/** Half of it: in quarters, a first execution takes this process a sixth more of the processor. */
const itemsAhead = maxItems / 2;

/**
 * One server's claims, settlements and likely replays, each kind in groups. `alone` sends what does not
 * meet others, and what has to wait for a connection first.
 */
export function createGroups(
  sender: GroupSender,
  alone: SingleRequests,
  { clock, delivery, fault, settleCommon }: CommandSettings,
): Required<RecordRequests> {
  const run = async (script: Script, keys: readonly string[], rest: ScriptArgument[]) => {
    const askedAt = performance.now();
    const answers = (await runScript(
      () => sender.runBySha(script, keys, rest),
      () => sender.runByText(script, keys, rest),
    )) as GroupAnswer;
    const micros = Number(answers[0]);
    if (micros > 0) clock.learn(micros, askedAt);
    return answers.slice(1);
  };

  const group = <Item extends RecordRequest<Answer, Result>, Answer, Result>(
    sendAlone: (item: Item) => Promise<Answer>,
    sendTogether: (items: readonly Item[]) => Promise<readonly (Answer | ItemFault)[]>,
    bytesOf: (item: Item) => number,
    whenFull: () => Error,
  ): Group<Item, Result> => {
    const ask = createGroup<Item, Answer, Result>({
      sendAlone,
      async sendTogether(items) {
        if (delivery.isConnected()) return sendTogether(items);
        const asFault = (error: unknown) => new ItemFault(error);
        return Promise.all(items.map((item) => sendAlone(item).catch(asFault)));
      },
      answered: (item, answer) => item.answered(answer),
      faultOf: (item, error) => fault(error, item.id),
      bytesOf,
      whenFull,
      isGivenUp: ({ options }) => options?.signal?.aborted === true,
      isTogetherRefused: isOfSeveralServers,
      ...{ maxItems, maxBytes, maxWaiting, maxWaitingBytes, maxRequests, itemsAhead },
    });
    return (item) => {
      if (!delivery.isConnected()) return askAlone(item, sendAlone, fault);
      const { options } = item;
      if (options === undefined || !Object.hasOwn(options, 'signal')) return ask(item);
      return untilAborted(options.signal, () => ask(item));
    };
  };

  // Whatever was read lately says what a read is likely to bring.
  let likelyBytes = 0;

  return {
    claim: group<ClaimRequest, Buffer | null, Acquisition>(
      alone.claim,
      async (items) => {
        const rest: ScriptArgument[] = [];
        for (const { value, ttlMs } of items) rest.push(value, ttlMs);
        const answers = await run(claimsScript, keysOf(items), rest);
        return answers.map((answer) =>
          Array.isArray(answer) ? new ItemFault(new Error(String(answer[0]))) : (answer as Buffer),
        );
      },
      ({ key, value }) => key.length + value.length,
      () => refused(),
    ),
    look: group<LookRequest, Buffer | null, Acquisition>(
      alone.look,
      async (items) => {
        const values = await sender.readMany(keysOf(items));
        let bytes = 0;
        for (const value of values) bytes += value?.length ?? 0;
        likelyBytes = (likelyBytes + bytes / items.length) / 2;
        return values;
      },
      ({ key }) => key.length + likelyBytes,
      () => refused(),
    ),
    settle: group<SettleRequest, SettleAnswer, Settlement>(
      alone.settle,
      async (items) => {
        const rest = [settleCommon, packed(items)];
        return (await run(settleScript, keysOf(items), rest)) as readonly SettleAnswer[];
      },
      ({ key, before, after, tail }) => key.length + before.length + after.length + tail.length,
      // It is tried again, and finds its place later.
      () => new Error(fullLine),
    ),
  };
}

function keysOf(items: readonly { readonly key: string }[]): string[] {
  return items.map(({ key }) => key);
}

const fullLine = `${maxWaiting} requests of this process, or ${maxWaitingBytes >> 20} MiB of them, wait for Redis already`;

function refused(): IdempotencyError<'STORE_UNAVAILABLE'> {
  return new IdempotencyError('STORE_UNAVAILABLE', `${fullLine}; let callers come more slowly`);
}

/** Behind one address there may be several servers, of a Cluster or of a hosted Redis. */
function isOfSeveralServers(error: unknown): boolean {
  return error instanceof Error && ['CROSSSLOT', 'MOVED'].includes(faultWord(error));
}
