import { randomUUID } from 'node:crypto';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type SqsEngine, startSqs } from '@twiceproof/engines';
import { Consumer, type ConsumerOptions } from 'sqs-consumer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { handleMessage } from '../src/sqs-consumer/index.ts';
import { deployed } from './deployed.ts';
import { begunElsewhere } from './elsewhere.ts';

let engine: SqsEngine;
let sqs: SQSClient;
let queueUrl: string;
let deadUrl: string;
const consumers: Consumer[] = [];

beforeAll(async () => {
  engine = await startSqs();
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  sqs = new SQSClient({ endpoint: engine.endpoint, region: 'eu-west-1', credentials });
}, 60_000);
afterAll(() => engine.stop());

const visibilityTimeout = 2;

beforeEach(async () => {
  const name = `charges-${randomUUID()}`;
  const dead = await sqs.send(new CreateQueueCommand({ QueueName: `${name}-dead` }));
  deadUrl = dead.QueueUrl!;
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadUrl, AttributeNames: ['QueueArn'] }),
  );
  const redrive = { deadLetterTargetArn: Attributes!.QueueArn, maxReceiveCount: 3 };
  const created = await sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: {
        VisibilityTimeout: String(visibilityTimeout),
        RedrivePolicy: JSON.stringify(redrive),
      },
    }),
  );
  queueUrl = created.QueueUrl!;
});
afterEach(async () => {
  for (const consumer of consumers.splice(0)) consumer.stop({ abort: true });
  for (const QueueUrl of [queueUrl, deadUrl]) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
});

const key = (message: Message): string => JSON.parse(message.Body ?? '').id;
const options = { operation: 'charge', key };
const body = { id: 'pay-1', amount: 12 };

async function publish(content: unknown = body): Promise<void> {
  const MessageBody = typeof content === 'string' ? content : JSON.stringify(content);
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
}

/** How many messages a queue has, hidden ones included. */
async function left(QueueUrl = queueUrl): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return (
    Number(Attributes?.ApproximateNumberOfMessages) +
    Number(Attributes?.ApproximateNumberOfMessagesNotVisible)
  );
}

function start(own: Partial<ConsumerOptions>): Consumer {
  const consumer = Consumer.create({ sqs, queueUrl, waitTimeSeconds: 1, batchSize: 10, ...own });
  consumer.on('error', () => {});
  consumer.on('processing_error', () => {});
  consumers.push(consumer);
  consumer.start();
  return consumer;
}

test('a message that is sent twice has its effect once, and both are deleted', async () => {
  const handler = vi.fn(async (_: Message) => 'charged');
  const keyed = vi.fn(key);
  const { idempotency } = deployed({ lease: '1s' });
  const own = { operation: 'charge', key: keyed };
  await publish();
  await publish();
  start({ handleMessage: handleMessage({ sqs, queueUrl }, idempotency, own, handler) });
  await vi.waitFor(async () => expect(await left()).toBe(0), 20_000);
  expect(handler).toHaveBeenCalledExactlyOnceWith(keyed.mock.calls[0]![0]);
  expect(keyed.mock.calls[0]![0]).toMatchObject({ Body: JSON.stringify(body) });
});

test('a handler that throws leaves its message, which comes again by itself', async () => {
  const errors: string[] = [];
  const handler = vi
    .fn(async (_: Message) => 'charged')
    .mockRejectedValueOnce(new Error('gateway down'));
  await publish();
  start({
    handleMessage: handleMessage({ sqs, queueUrl }, deployed().idempotency, options, handler),
  }).on('processing_error', (error) => errors.push(error.message));
  await vi.waitFor(async () => expect(await left()).toBe(0), 20_000);
  expect(handler).toHaveBeenCalledTimes(2);
  expect(errors).toEqual([expect.stringContaining('gateway down')]);
});

test('work in progress elsewhere hides the message until it may be done', async () => {
  const { idempotency, finish } = await begunElsewhere(
    { lease: '4s' },
    { operation: 'charge', key: body.id },
  );
  const sent = vi.spyOn(sqs, 'send');
  const handler = vi.fn(async (_: Message) => 'mine');
  const errors = vi.fn();
  await publish();
  const handle = handleMessage({ sqs, queueUrl }, idempotency, options, handler);
  const answers: unknown[] = [];
  start({
    handleMessage: async (message) => {
      const answer = await handle(message);
      answers.push(answer);
      return answer;
    },
  }).on('processing_error', errors);
  await vi.waitFor(() => expect(answers).not.toHaveLength(0), 20_000);
  expect(answers[0]).toBeUndefined();
  const changes = sent.mock.calls
    .map(([command]) => command)
    .filter((command) => command instanceof ChangeMessageVisibilityCommand);
  expect(changes).not.toHaveLength(0);
  for (const { input } of changes) expect(input.VisibilityTimeout).toBeGreaterThanOrEqual(1);
  sent.mockRestore();
  await finish('theirs');
  await vi.waitFor(async () => expect(await left()).toBe(0), 20_000);
  expect(handler).not.toHaveBeenCalled();
  expect(errors).not.toHaveBeenCalled();
});

describe('what would end no better stays for the redrive policy:', () => {
  test.each([
    ['a body that is no JSON', 'not { json', 'JSON'],
    ['a body without a key', '{}', 'KEY_MISSING'],
    ['work that failed for good', JSON.stringify(body), 'card declined'],
  ])('%s', async (_name, content, said) => {
    const errors: string[] = [];
    const handler = vi.fn(async (_: Message) => {
      throw new Error('card declined');
    });
    const { idempotency } = deployed({ failure: 'record' });
    await publish(content);
    start({
      handleMessage: handleMessage({ sqs, queueUrl }, idempotency, options, handler),
    }).on('processing_error', (error) => errors.push(error.message));
    await vi.waitFor(async () => expect(await left(deadUrl)).toBe(1), 30_000);
    expect(errors).toHaveLength(3);
    for (const error of errors) expect(error).toContain(said);
    expect(handler.mock.calls.length).toBeLessThanOrEqual(1);
    expect(await left()).toBe(0);
  });
});

test('work that takes longer than the queue waits keeps its message while it holds its lease', async () => {
  const { idempotency } = deployed({ lease: '1s' });
  const finish = Promise.withResolvers<void>();
  const received: Message[] = [];
  await publish();
  const handle = handleMessage({ sqs, queueUrl }, idempotency, options, () => finish.promise);
  for (let others = 0; others < 2; others++) {
    start({
      handleMessage: (message) => {
        received.push(message);
        return handle(message);
      },
    });
  }
  await vi.waitFor(() => expect(received).toHaveLength(1), 20_000);
  // Three times what the queue waits, while another consumer asks for messages all the time.
  await new Promise((resolve) => setTimeout(resolve, 3_000 * visibilityTimeout));
  expect(received).toHaveLength(1);
  finish.resolve();
  await vi.waitFor(async () => expect(await left()).toBe(0), 20_000);
  expect(received).toHaveLength(1);
});

test('work that is stuck and has lost its lease loses its message, and another ends it', async () => {
  const { idempotency, elsewhere } = deployed({ lease: '1s', heartbeat: false });
  let calls = 0;
  const handler = async (_: Message): Promise<string> => {
    calls += 1;
    if (calls === 1) await new Promise(() => {});
    return 'charged';
  };
  await publish();
  for (const each of [idempotency, elsewhere()]) {
    start({ handleMessage: handleMessage({ sqs, queueUrl }, each, options, handler) });
  }
  await vi.waitFor(async () => expect(await left()).toBe(0), 30_000);
  expect(calls).toBe(2);
});

test('a beat whose message is gone is no unhandled rejection, and none comes after the verdict', async () => {
  const { idempotency } = deployed({ lease: '1s' });
  const finish = Promise.withResolvers<void>();
  const handle = handleMessage(
    { sqs, queueUrl, visibilityTimeout: 1 },
    idempotency,
    options,
    () => finish.promise,
  );
  const sent = vi.spyOn(sqs, 'send');
  try {
    const gone = { Body: JSON.stringify(body), ReceiptHandle: 'gone', MessageId: 'gone' };
    const answer = handle(gone);
    await vi.waitFor(() => expect(sent.mock.calls.length).toBeGreaterThan(2), 20_000);
    finish.resolve();
    expect(await answer).toBe(gone);
    const beats = sent.mock.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(sent).toHaveBeenCalledTimes(beats);
  } finally {
    sent.mockRestore();
  }
});

describe('when it is made, refuses', () => {
  const { idempotency } = deployed();
  const make =
    (queue: object, own: object = options) =>
    (): unknown =>
      handleMessage(queue as never, idempotency, own as never, async () => {});
  test.each([
    ['sqs', { queueUrl: 'http://any' }],
    ['queueUrl', { sqs: { send() {} } }],
    ['alwaysAcknowledge', { alwaysAcknowledge: true }],
    ['terminateVisibilityTimeout', { terminateVisibilityTimeout: true }],
    ['terminateVisibilityTimeout', { terminateVisibilityTimeout: 0 }],
    ['shouldDeleteMessages', { shouldDeleteMessages: false }],
    ['heartbeatInterval', { heartbeatInterval: 5 }],
    ['visibilityTimeout', { visibilityTimeout: -1 }],
  ])('%s', (name, queue) => {
    const full =
      name === 'sqs' || name === 'queueUrl' ? queue : { sqs, queueUrl: 'http://any', ...queue };
    expect(make(full)).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
    expect(make(full)).toThrow(name);
  });

  test('a consumer without a key', () => {
    expect(make({ sqs: { send() {} }, queueUrl: 'http://any' }, { operation: 'charge' })).toThrow(
      'key',
    );
  });
});
