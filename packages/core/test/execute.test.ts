import { describe, expect, it, vi } from 'vitest';
import { deployed } from './deployed.ts';

describe('execute', () => {
  it('executes a block of code once for its key', async () => {
    const { idempotency } = deployed();
    const send = vi.fn(async () => 'sent');
    const options = { operation: 'send-mail', key: ['user-1', 'welcome'] };
    expect(await idempotency.execute(options, send)).toMatchObject({
      value: 'sent',
      outcome: 'executed',
    });
    expect(await idempotency.execute(options, send)).toMatchObject({
      value: 'sent',
      outcome: 'replayed',
    });
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('has the same record id as a wrapped function with the same operation and key', async () => {
    const { idempotency } = deployed();
    const once = idempotency.wrap(async (id: string) => id, {
      operation: 'send',
      key: (id) => [id, 1],
    });
    const { record } = await idempotency.execute({ operation: 'send', key: ['a', 1] }, () => 'x');
    expect(record?.id).toBe(await once.idOf('a'));
  });

  it('takes functions without arguments for its key, fingerprint and input, as for run and scope', async () => {
    const { idempotency } = deployed();
    const send = (own: object) =>
      idempotency.execute(
        {
          operation: 'send',
          key: () => ['a', 1],
          fingerprint: () => 'v1',
          input: () => 'mail to a',
          run: () => 2,
          scope: () => 'tenant',
          ...own,
        },
        () => 'x',
      );
    const { record } = await send({});
    expect(record).toMatchObject({ keyPreview: '["a",1]', inputPreview: 'mail to a' });
    const same = await send({ key: ['a', 1], fingerprint: 'v1', run: 2, scope: 'tenant' });
    expect(same).toMatchObject({ outcome: 'replayed', record: { id: record?.id } });
    await expect(send({ fingerprint: () => 'v2' })).rejects.toMatchObject({
      code: 'FINGERPRINT_MISMATCH',
    });
  });

  it('refuses a missing key', async () => {
    const { idempotency } = deployed();
    const undefinedKey = idempotency.execute({ operation: 'send', key: undefined }, () => 1);
    await expect(undefinedKey).rejects.toMatchObject({ code: 'KEY_MISSING' });
    const none = idempotency.execute({ operation: 'send' } as never, () => 1);
    await expect(none).rejects.toMatchObject({ code: 'OPTIONS_INVALID' });
  });
});

describe('defaults for functions of arguments', () => {
  it('do not reach execute, which has values in their place; input: false does', async () => {
    const { idempotency } = deployed({
      key: (order: { id: string }) => order.id,
      fingerprint: (order: { amount: number }) => order.amount,
      input: (order: { note: string }) => order.note,
    });
    const send = { operation: 'send-mail', key: 'welcome' };
    const { record } = await idempotency.execute(send, () => 'sent');
    expect(record).toMatchObject({ keyPreview: 'welcome', fingerprint: undefined });
    expect(record?.inputPreview).toBeUndefined();
    const { record: hidden } = await idempotency
      .extend({ input: false })
      .execute({ ...send, operation: 'hidden' }, () => 'sent');
    expect(hidden).toMatchObject({ keyPreview: undefined, inputPreview: undefined });
  });
});
