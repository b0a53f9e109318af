import { createIdempotency, type Idempotency } from '@twiceproof/core';
import { memoryStore } from '@twiceproof/memory';
import { type FaultPlan, flakyStore } from '@twiceproof/testing';
import { describe, expect, test, vi } from 'vitest';
import { deployed } from '../../test/deployed.ts';
import { toolCalls } from './tool-calls.ts';
import type { NamedToolOptions } from './tool-options.ts';

interface Input {
  readonly orderId?: unknown;
  readonly nested?: { readonly id: string };
}

function calling(
  idempotency: Idempotency,
  own: Partial<NamedToolOptions<Input, []>> = {},
  run: () => unknown = () => 'refunded',
) {
  const calls = toolCalls<Input, []>(idempotency, {
    operation: 'refund',
    key: ['orderId'],
    ...own,
  });
  return (input: Input, ownKey?: string) => calls({ args: [input], run, ownKey });
}

const input = { orderId: 'o-1' };

/** A store that nobody answers for, for these operations. */
function unanswered(...operations: string[]): Idempotency {
  const plan: FaultPlan = ({ operation }) =>
    operations.includes(operation) ? { kind: 'request_lost' } : undefined;
  return createIdempotency({
    environment: 'test',
    store: flakyStore(memoryStore(), plan),
    storeTimeout: '50ms',
  });
}

describe('what is not known to be done is said in words', () => {
  test('that the store cannot be asked: nothing ran', async () => {
    const run = vi.fn();
    const answer = await calling(unanswered('acquire'), {}, run)(input);
    expect(answer).toMatchObject({
      refusal: expect.stringMatching(/could not be begun: .+ This call did nothing/),
      cause: { code: 'STORE_UNAVAILABLE' },
    });
    expect(run).not.toHaveBeenCalled();
  });

  test('that it was done, but not recorded: the value is there', async () => {
    const answer = await calling(unanswered('complete', 'get'), { lease: '1s' })(input);
    expect(answer).toMatchObject({
      value: 'refunded',
      isReplay: false,
      words: expect.stringContaining('was done for orderId'),
    });
  });

  test('that it took too long', async () => {
    const { idempotency } = deployed();
    const never = (): Promise<never> => new Promise(() => {});
    const call = calling(idempotency, { maxDuration: 20, abandoned: 'hold' }, never);
    expect(await call(input)).toMatchObject({
      refusal: expect.stringMatching(/^Nobody knows whether .+: this call began it/),
      cause: { code: 'TIMED_OUT' },
    });
    expect(await call(input)).toMatchObject({
      refusal: expect.stringMatching(
        /^Nobody knows whether .+: an earlier call began it .+ A person/,
      ),
      cause: { code: 'HELD' },
    });
  });

  test('that the process is about to stop', async () => {
    const { idempotency } = deployed();
    await idempotency.close();
    expect(await calling(idempotency)(input)).toMatchObject({
      refusal: expect.stringContaining('the service is about to stop'),
      cause: { code: 'CLOSED' },
    });
  });

  test('that the tool is set up wrongly, or its own functions fail', async () => {
    const run = vi.fn();
    const { idempotency } = deployed();
    const scopeless = calling(idempotency, { scope: () => undefined as never }, run);
    expect(await scopeless(input)).toMatchObject({
      refusal: expect.stringMatching(/because of how it is set up or called: .*scope of 'refund'/),
    });
    const failing = calling(
      idempotency,
      {
        key: () => {
          throw new Error('no such field');
        },
      },
      run,
    );
    expect(await failing(input)).toMatchObject({
      refusal: expect.stringContaining('no such field'),
    });
    expect(run).not.toHaveBeenCalled();
  });
});

test('without idempotency, and in shadow, a tool does and says what it did before', async () => {
  const { idempotency } = deployed();
  const run = vi.fn(() => 'refunded');
  for (const enabled of [false, 'shadow'] as const) {
    const call = calling(idempotency, { enabled }, run);
    for (let time = 0; time < 2; time += 1) {
      expect(await call(input)).toEqual({ value: 'refunded', isReplay: false, words: undefined });
    }
  }
  expect(run).toHaveBeenCalledTimes(4);
});

test('a key that the caller chose never meets a key of fields, whatever these hold', async () => {
  const { idempotency } = deployed();
  const run = vi.fn(() => 'refunded');
  const call = calling(idempotency, {}, run);
  await call({ orderId: 'k' }, 'k');
  await call({ orderId: ['idempotencyKey', 'k'] });
  await call({ orderId: 'k' });
  expect(run).toHaveBeenCalledTimes(3);
  expect(await call({}, 'k')).toMatchObject({ isReplay: true });
});

test('nested fields are found, and only in the input itself', async () => {
  const { idempotency } = deployed();
  const run = vi.fn(() => 'refunded');
  const call = calling(idempotency, { key: ['nested.id'] }, run);
  await call({ nested: { id: 'a' } });
  await call({ nested: { id: 'a' }, orderId: 'other' });
  await call({ nested: { id: 'b' } });
  expect(run).toHaveBeenCalledTimes(2);
  const inherited: Input = Object.create({ nested: { id: 'a' } });
  expect(await call(inherited)).toMatchObject({ refusal: expect.stringContaining('nested.id') });
});

test('long values are clipped in words', async () => {
  const { idempotency } = deployed();
  const call = calling(idempotency);
  const long = { orderId: 'x'.repeat(1_000) };
  await call(long);
  const { words } = (await call(long)) as { words: string };
  expect(words.length).toBeLessThan(400);
});
