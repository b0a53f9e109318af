import type { S3Event, S3EventRecord, SNSEvent, SNSEventRecord } from 'aws-lambda';
import { describe, expect, test, vi } from 'vitest';
import { deployed } from '../test/deployed.ts';
import { sampleEvent } from '../test/sample-event.ts';
import { s3Records, snsRecords } from './index.ts';

const [snsSample] = sampleEvent<SNSEvent>('sns').Records as [SNSEventRecord];
const [putSample] = sampleEvent<S3Event>('s3-put').Records as [S3EventRecord];
const [deleteSample] = sampleEvent<S3Event>('s3-delete').Records as [S3EventRecord];
const onItemError = (): void => {};

const notification = (MessageId: string): SNSEventRecord => ({
  ...snsSample,
  Sns: { ...snsSample.Sns, MessageId },
});

test('every record is tried, then what failed is thrown, and only that is tried again', async () => {
  const { idempotency } = deployed();
  const tried: string[] = [];
  let isMended = false;
  const handler = snsRecords(idempotency, { operation: 'notify', onItemError }, async (record) => {
    const { MessageId } = record.Sns;
    tried.push(MessageId);
    if (!isMended && MessageId !== 'b') throw new RangeError(MessageId);
  });
  const event = { Records: ['a', 'b', 'c'].map(notification) };
  const error: AggregateError = await handler(event).then(
    () => expect.unreachable(),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(AggregateError);
  expect(error.message).toBe(
    "snsRecords 'notify': 2 of 3 records failed, so that the event is sent again",
  );
  expect(error.errors.map((each: Error) => each.message)).toEqual(['a', 'c']);
  expect(tried).toEqual(['a', 'b', 'c']);
  isMended = true;
  expect(await handler(event)).toBeUndefined();
  expect(tried).toEqual(['a', 'b', 'c', 'a', 'c']);
});

test('without anybody to be told, records are named on the console by ids that AWS gave them', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { idempotency } = deployed();
  const failing = async () => {
    throw new Error('mine');
  };
  const sns = snsRecords(idempotency, { operation: 'notify' }, failing);
  const s3 = s3Records(idempotency, { operation: 'thumbnail' }, failing);
  await sns({ Records: [notification('m-1'), null as never] }).catch(() => {});
  await s3({ Records: [putSample] }).catch(() => {});
  expect(said.mock.calls.map(([line]) => line)).toEqual([
    "snsRecords: a record of 'notify' failed (m-1):",
    "snsRecords: a record of 'notify' failed (without an id):",
    "s3Records: a record of 'thumbnail' failed (D82B88E5F771F645):",
  ]);
  said.mockRestore();
});

test('a malformed record fails with what is wrong, and the others are done', async () => {
  const { idempotency } = deployed();
  const handled = vi.fn(async () => {});
  const sns = snsRecords(idempotency, { operation: 'notify', onItemError }, handled);
  const s3 = s3Records(idempotency, { operation: 'thumbnail', onItemError }, handled);
  const { Sns: _Sns, ...bare } = snsSample;
  const { object: _object, ...objectless } = putSample.s3;
  const batches = [
    () => sns({ Records: [null as never, bare as never, notification('good')] }),
    () => s3({ Records: [null as never, { ...putSample, s3: objectless } as never, putSample] }),
  ];
  for (const batch of batches) {
    handled.mockClear();
    await expect(batch()).rejects.toMatchObject({
      errors: [
        expect.objectContaining({ code: 'KEY_MISSING', message: expect.stringContaining('null') }),
        expect.any(Error),
      ],
    });
    expect(handled).toHaveBeenCalledOnce();
  }
});

describe('the key of an S3 event', () => {
  const object = (sample: S3EventRecord, changes: object, outer: object = {}): S3EventRecord => ({
    ...sample,
    ...outer,
    s3: { ...sample.s3, object: { ...sample.s3.object, ...changes } },
  });

  test('tells apart whatever is not the same event of the same object', async () => {
    const { idempotency } = deployed();
    const handled: string[] = [];
    const handler = s3Records(idempotency, { operation: 'thumbnail' }, async (record) => {
      handled.push(record.eventName);
    });
    const bucket = { ...putSample.s3.bucket, name: 'another' };
    const different = [
      putSample,
      object(putSample, { key: 'another' }),
      object(putSample, { sequencer: '0055AED6DCD90281E6' }),
      object(putSample, { eTag: 'd41d8cd98f00b204e9800998ecf8427e' }),
      object(putSample, { versionId: '1' }),
      object(putSample, {}, { eventName: 'ObjectCreated:Copy' }),
      { ...putSample, s3: { ...putSample.s3, bucket } },
      deleteSample,
    ];
    await handler({ Records: different });
    expect(handled).toHaveLength(different.length);
    await handler({ Records: different });
    expect(handled).toHaveLength(different.length);
  });

  test('is the same however the name is encoded, and whatever else is new in the event', async () => {
    const { idempotency } = deployed();
    const handled = vi.fn(async () => {});
    const handler = s3Records(idempotency, { operation: 'thumbnail' }, handled);
    await handler({ Records: [deleteSample] });
    const again = object(
      deleteSample,
      { key: 'test/red%20flower.jpg' },
      { eventTime: '1970-01-01T00:00:01.000Z' },
    );
    await handler({ Records: [again] });
    expect(handled).toHaveBeenCalledOnce();
  });

  test('without a sequencer has the time: two changes of one version are two events', async () => {
    const { idempotency } = deployed();
    const handled = vi.fn(async () => {});
    const handler = s3Records(idempotency, { operation: 'thumbnail' }, handled);
    const at = (eventTime: string) =>
      object(putSample, { sequencer: undefined }, { eventTime, eventName: 'ObjectTagging:Put' });
    const first = at('2026-01-01T00:00:00.000Z');
    await handler({ Records: [first, at('2026-01-01T00:00:01.000Z'), first] });
    expect(handled).toHaveBeenCalledTimes(2);
  });
});
