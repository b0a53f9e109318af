import type { Idempotency } from '@twiceproof/core';
import type { DynamoDBRecord, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { expect, test, vi } from 'vitest';
import { deployed, underWay } from '../test/deployed.ts';
import { sampleEvent } from '../test/sample-event.ts';
import { dynamodbStreamBatch, kinesisBatch } from './index.ts';

const [kinesisSample] = sampleEvent<KinesisStreamEvent>('kinesis').Records as [KinesisStreamRecord];
const [dynamodbSample] = sampleEvent<{ Records: [DynamoDBRecord] }>('dynamodb-stream').Records;

const fromKinesis = (at: number): KinesisStreamRecord => ({
  ...kinesisSample,
  eventID: `shard:${at}`,
  kinesis: { ...kinesisSample.kinesis, sequenceNumber: `${at}` },
});
const fromDynamodb = (at: number): DynamoDBRecord => ({
  ...dynamodbSample,
  eventID: `${at}`,
  dynamodb: { ...dynamodbSample.dynamodb, SequenceNumber: `${at}` },
});

interface AnyRecord {
  readonly eventID?: string | undefined;
  readonly eventSource?: string | undefined;
}
type Handle = (record: AnyRecord) => unknown;
const onItemError = (): void => {};
const streams: readonly {
  readonly name: string;
  make(at: number): AnyRecord;
  batch(idempotency: Idempotency, handle: Handle): (records: AnyRecord[]) => Promise<unknown>;
}[] = [
  {
    name: 'kinesisBatch',
    make: fromKinesis,
    batch: (idempotency, handle) => {
      const handler = kinesisBatch(idempotency, { operation: 'index', onItemError }, handle);
      return (records) => handler({ Records: records as KinesisStreamRecord[] });
    },
  },
  {
    name: 'dynamodbStreamBatch',
    make: fromDynamodb,
    batch: (idempotency, handle) => {
      const handler = dynamodbStreamBatch(idempotency, { operation: 'index', onItemError }, handle);
      return (records) => handler({ Records: records as DynamoDBRecord[] });
    },
  },
];

test.each(streams)(
  '$name goes in order, stops at the first failure, and goes on from there',
  async ({ make, batch }) => {
    const { idempotency } = deployed();
    const started: (string | undefined)[] = [];
    let running = 0;
    let isMended = false;
    const handler = batch(idempotency, async ({ eventID }) => {
      started.push(eventID);
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (eventID?.endsWith('3') && !isMended) throw new Error('three');
    });
    const records = [1, 2, 3, 4, 5].map((at) => make(at));
    expect(await handler(records)).toEqual({ batchItemFailures: [{ itemIdentifier: '3' }] });
    expect(started).toEqual(records.slice(0, 3).map((each) => each.eventID));

    // Lambda sends the record that failed and everything behind it; with bisecting, all of them.
    isMended = true;
    started.length = 0;
    expect(await handler(records)).toEqual({ batchItemFailures: [] });
    expect(started).toEqual(records.slice(2).map((each) => each.eventID));
  },
);

test.each(streams)(
  '$name stops where a record is in progress elsewhere',
  async ({ make, batch }) => {
    const { idempotency, elsewhere } = deployed();
    const other = underWay(elsewhere, 'index', make(2).eventID!);
    await other.begun;
    const handled = vi.fn(async () => {});
    const handler = batch(idempotency, handled);
    const records = [1, 2, 3].map((at) => make(at));
    expect(await handler(records)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(handled).toHaveBeenCalledOnce();
    await other.end();
    expect(await handler(records)).toEqual({ batchItemFailures: [] });
    expect(handled).toHaveBeenCalledTimes(2);
  },
);

test.each(streams)('$name executes a record once that occurs twice', async ({ make, batch }) => {
  const { idempotency } = deployed();
  const handled = vi.fn(async () => {});
  expect(await batch(idempotency, handled)([make(1), make(1)])).toEqual({ batchItemFailures: [] });
  expect(handled).toHaveBeenCalledOnce();
});

test.each(streams)(
  '$name fails the whole batch for a record without a place',
  async ({ make, batch }) => {
    const { idempotency } = deployed();
    const handled = vi.fn(async () => {});
    const handler = batch(idempotency, handled);
    for (const malformed of [null, {}, { eventSource: make(1).eventSource }]) {
      await expect(handler([make(1), malformed as AnyRecord, make(2)])).rejects.toThrow(
        'had no sequence number to be named by',
      );
    }
    // What came before is done, and what comes after was not reached.
    expect(handled).toHaveBeenCalledOnce();
  },
);
