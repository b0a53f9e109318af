import type { RedisClient, RedisPipeline, ScriptArgument } from './client.ts';
import type { Script, ScriptAnswer } from './script.ts';

/** Puts one command on the wire. */
export interface Sender {
  /** `SET … NX GET PX`: null if the key was free and holds the value now, else what it holds. */
  claim(key: string, value: string, ttlMs: number): Promise<Buffer | null>;
  /** Fails with NOSCRIPT on a server that was not sent the script's text. */
  runBySha(script: Script, key: string, rest: readonly ScriptArgument[]): Promise<ScriptAnswer>;
  runByText(script: Script, key: string, rest: readonly ScriptArgument[]): Promise<ScriptAnswer>;
}

/** ioredis has these beside the ones that its types name. */
interface Buffers {
  setBuffer: RedisClient['setBuffer'];
  evalshaBuffer: RedisClient['evalsha'];
  evalBuffer: RedisClient['eval'];
}

export function directSender(userClient: RedisClient): Sender {
  const client = userClient as RedisClient & Buffers;
  return {
    claim: (key, value, ttlMs) => client.setBuffer(key, value, 'PX', ttlMs, 'NX', 'GET'),
    runBySha: ({ sha1 }, key, rest) =>
      client.evalshaBuffer(sha1, 1, key, ...rest) as Promise<ScriptAnswer>,
    runByText: ({ lua }, key, rest) =>
      client.evalBuffer(lua, 1, key, ...rest) as Promise<ScriptAnswer>,
  };
}

/** How many replicas must have a write before it counts. */
export interface WaitOptions {
  readonly replicas: number;
  /** Milliseconds. */
  readonly timeoutMs: number;
}

/** Sends each command with a WAIT behind it on the same connection, which is what WAIT is about. */
export function waitingSender(client: RedisClient, wait: WaitOptions): Sender {
  const { replicas, timeoutMs } = wait;

  const send = async <Answer>(
    queue: (pipeline: RedisPipeline & Buffers) => void,
    hasWritten: (answer: Answer) => boolean,
  ): Promise<Answer> => {
    const pipeline = client.pipeline() as RedisPipeline & Buffers;
    queue(pipeline);
    pipeline.wait(replicas, timeoutMs);
    const [command, waited] = (await pipeline.exec()) ?? [];
    if (command === undefined || waited === undefined) throw new Error('Connection is closed.');
    if (command[0]) throw command[0];
    const answer = command[1] as Answer;
    if (!hasWritten(answer)) return answer;
    if (waited[0]) throw waited[0];
    const confirmed = Number(waited[1]);
    if (confirmed < replicas) throw tooFew(confirmed, wait);
    return answer;
  };

  const hasWrittenRecord = ([verdict]: ScriptAnswer) => [1, 2, 4].includes(Number(verdict));
  return {
    claim: (key, value, ttlMs) =>
      send<Buffer | null>(
        (pipeline) => pipeline.setBuffer(key, value, 'PX', ttlMs, 'NX', 'GET'),
        (answer) => answer === null,
      ),
    runBySha: ({ sha1 }, key, rest) =>
      send((pipeline) => pipeline.evalshaBuffer(sha1, 1, key, ...rest), hasWrittenRecord),
    runByText: ({ lua }, key, rest) =>
      send((pipeline) => pipeline.evalBuffer(lua, 1, key, ...rest), hasWrittenRecord),
  };
}

/** Not a coded error: the write stands, and trying again with the same token waits again. */
function tooFew(confirmed: number, { replicas, timeoutMs }: WaitOptions): Error {
  return new Error(
    `${confirmed} of ${replicas} replicas confirmed the write within ${timeoutMs} ms: bring replicas back, or ask for fewer with the option wait`,
  );
}
