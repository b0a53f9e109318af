import type { RedisClient, RedisNode, RedisPipeline } from './client.ts';
import { knock } from './delivery.ts';
import { masterNodes, nodeName } from './master-nodes.ts';
import type { GroupAnswer, Script, SettleAnswer, SettleVerdict, Verdict } from './script.ts';
import { settleScript } from './scripts.ts';
import { type Buffers, isMisrouted, type WaitingSender } from './sender.ts';

/** How many replicas must have a write before it counts. */
export interface WaitOptions {
  readonly replicas: number;
  /** Milliseconds. */
  readonly timeoutMs: number;
}

type Queue = (pipeline: RedisPipeline & Buffers, key: string) => void;
type Result = [error: Error | null, answer: unknown];

/** Sends each command with a WAIT behind it on the same connection, which is what WAIT is about. */
export function waitingSender(
  client: RedisClient,
  wait: WaitOptions,
  direct: WaitingSender,
): WaitingSender {
  const { replicas, timeoutMs } = wait;

  const pair = async (key: string, queue: Queue): Promise<Result[]> => {
    const pipeline = client.pipeline() as RedisPipeline & Buffers;
    queue(pipeline, key);
    pipeline.wait(replicas, timeoutMs);
    return (await pipeline.exec()) ?? [];
  };

  /** For a key whose slot is on its way to this node. */
  const pairAt = async (node: RedisNode, key: string, queue: Queue): Promise<Result[]> => {
    const pipeline = node.pipeline() as RedisPipeline & Buffers;
    pipeline.asking!();
    // A prefix is known to the Cluster, and to its nodes only if it was given for them.
    queue(pipeline, keyPrefixOf(node) === '' ? keyPrefixOf(client) + key : key);
    pipeline.wait(replicas, timeoutMs);
    const [, ...results] = (await pipeline.exec()) ?? [];
    return results;
  };

  /** Of these two ioredis does not follow a slot that has moved: WAIT works on every node. */
  const follow = async (key: string, queue: Queue): Promise<Result[]> => {
    const results = await pair(key, queue);
    const fault = results[0]?.[0];
    if (client.nodes === undefined || !isMisrouted(fault)) return results;
    // A command by itself is followed, and teaches the client where the slot is.
    await knock(client, key);
    const [word, , asked] = fault.message.split(' ');
    if (word !== 'ASK') return pair(key, queue);
    const importing = masterNodes(client).find((node) => nodeName(node) === asked);
    return importing === undefined ? results : pairAt(importing, key, queue);
  };

  const send = async <Answer>(
    key: string,
    queue: Queue,
    hasWritten: (answer: Answer) => boolean,
  ): Promise<Answer> => {
    const [command, waited] = await follow(key, queue);
    if (command === undefined || waited === undefined) throw new Error('Connection is closed.');
    if (command[0]) throw command[0];
    const answer = command[1] as Answer;
    if (!hasWritten(answer)) return answer;
    if (waited[0]) throw waited[0];
    const confirmed = Number(waited[1]);
    if (confirmed < replicas) throw tooFew(confirmed, wait);
    return answer;
  };

  return {
    claim: (key, value, ttlMs) =>
      send<Buffer | null>(
        key,
        (pipeline, at) => pipeline.setBuffer(at, value, 'PX', ttlMs, 'NX', 'GET'),
        (answer) => answer === null,
      ),
    read: direct.read,
    runBySha: (script, key, rest) =>
      send(
        key,
        (pipeline, at) => pipeline.evalshaBuffer(script.sha1, 1, at, ...rest),
        writes(script),
      ),
    runByText: (script, key, rest) =>
      send(key, (pipeline, at) => pipeline.evalBuffer(script.lua, 1, at, ...rest), writes(script)),
  };
}

/** Whether a script's answer says that the record is as the caller wants it to be. */
function writes(script: Script): (answer: unknown) => boolean {
  if (script !== settleScript)
    return (answer) => written.includes(String((answer as [verdict: Buffer])[0]) as Verdict);
  return (answer) => {
    const settlement = (answer as GroupAnswer)[1] as SettleAnswer;
    return settlement === null || inPlace.includes(String(settlement[0]) as SettleVerdict);
  };
}

const written: readonly Verdict[] = ['acquired', 'deleted', 'extended'];
const inPlace: readonly SettleVerdict[] = ['done', 'already_done'];

function keyPrefixOf({ options }: RedisNode): string {
  return (options as RedisClient['options'])?.keyPrefix ?? '';
}

/** Not a coded error: the write stands, and trying again with the same token waits again. */
function tooFew(confirmed: number, { replicas, timeoutMs }: WaitOptions): Error {
  return new Error(
    `${confirmed} of ${replicas} replicas confirmed the write within ${timeoutMs} ms: bring replicas back, or ask for fewer with the option wait`,
  );
}
