import { randomUUID } from 'node:crypto';

/** A handler as Lambda calls it. */
export type LambdaHandler = (event: unknown, context: unknown) => Promise<unknown>;

const timeoutMs = 30_000;

/** One invocation: its time runs out, and what it answers goes through JSON. */
export async function invoke(handler: LambdaHandler, event: unknown): Promise<unknown> {
  const end = performance.now() + timeoutMs;
  const answer = await handler(event, {
    functionName: 'example',
    functionVersion: '$LATEST',
    memoryLimitInMB: '128',
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(end - performance.now())),
  });
  return answer === undefined ? null : JSON.parse(JSON.stringify(answer));
}
