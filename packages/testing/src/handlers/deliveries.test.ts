import { currentExecution, type IdempotencyOptions, isIdempotencyError } from '@twiceproof/core';
import { describe, expect, test } from 'vitest';
import { crashAt } from './crash-at.ts';
import { deliverAtOnce } from './deliver-at-once.ts';
import { deliverTwice } from './deliver-twice.ts';
import { effectsLedger } from './effects-ledger.ts';
import { UnsafeHandlerError } from './safety-report.ts';
import type { StartHandler } from './test-process.ts';

interface Order {
  readonly id: string;
}
const order: Order = { id: 'o-1' };
const inspect = { unsafe: 'report' } as const;

const bare: StartHandler<Order> = ({ effect }) => {
  const charge = effect('charge', async (id: string) => `receipt of ${id}`);
  return ({ id }) => charge(id);
};

const wrapped: StartHandler<Order> = ({ idempotency, effect }) => {
  const charge = effect('charge', async (id: string) => `receipt of ${id}`);
  return idempotency.wrap(({ id }: Order) => charge(id), {
    operation: 'charge-order',
    key: ({ id }) => id,
  });
};

/** As many are written by hand: what was seen is remembered before it is done. */
function markFirst(seen: Set<string>): StartHandler<Order> {
  return ({ effect }) => {
    const charge = effect('charge');
    return async ({ id }) => {
      if (seen.has(id)) return;
      seen.add(id);
      await charge(id);
    };
  };
}

const fulfil: StartHandler<Order> = ({ idempotency, effect }) => {
  const [charge, ship, notify] = ['charge', 'ship', 'notify'].map((name) => effect(name));
  return idempotency.workflow(
    async ({ id }: Order, step) => {
      await step('charge', () => charge!(id));
      await step('ship', () => ship!(id));
      await step('notify', () => notify!(id));
    },
    { operation: 'fulfil', key: ({ id }) => id },
  );
};

describe('deliverTwice', () => {
  test('passes a handler that is wrapped, and tells what each delivery was answered', async () => {
    const report = await deliverTwice(wrapped, order);
    expect(report).toMatchObject({
      isSafe: true,
      repeated: [],
      deliveries: [
        { number: 1, end: 'handled', value: 'receipt of o-1' },
        { number: 2, end: 'handled', value: 'receipt of o-1' },
      ],
      effects: [{ effect: 'charge', args: ['o-1'], delivery: 1, what: 'happened' }],
    });
  });

  test('rejects with a report that names the effect and the delivery that repeated it', async () => {
    const error = await deliverTwice(bare, order).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnsafeHandlerError);
    expect((error as Error).message).toBe(
      `Not safe to call twice: 'charge' happened more than once, in 2 deliveries of one message.

  delivery 1
    charge('o-1')
    answered 'receipt of o-1'
  delivery 2
    charge('o-1')   <-- again
    answered 'receipt of o-1'

Call the effect inside a function that idempotency.wrap() has wrapped, with a key that is the same in every delivery of the message: not a clock, not a random value, not the id of the delivery. If the first delivery failed after the effect, make each effect a step of a workflow.`,
    );
  });

  test('finds what is remembered by one process only', async () => {
    const start: StartHandler<Order> = (process) => markFirst(new Set())(process);
    expect(await deliverTwice(start, order, inspect)).toMatchObject({ repeated: ['charge'] });
  });

  test('finds a key that is another one in each delivery', async () => {
    const start: StartHandler<Order> = ({ idempotency, effect }) => {
      const charge = effect('charge');
      return idempotency.wrap(async () => void (await charge()), {
        operation: 'charge-order',
        key: () => Math.random(),
      });
    };
    expect(await deliverTwice(start, order, inspect)).toMatchObject({ repeated: ['charge'] });
  });

  test.each([
    ['12h', true],
    ['25h', false],
  ] as const)(
    'finds a retention that ends before the message comes again, after %s',
    async (after, isSafe) => {
      const report = await deliverTwice(wrapped, order, { ...inspect, after });
      expect(report.isSafe).toBe(isSafe);
    },
  );

  test('delivers copies: what a handler does to a message is not seen in the next one', async () => {
    const seen: unknown[] = [];
    const message = { id: 'o-1', notes: ['a'] };
    await deliverTwice<typeof message>(({ effect }) => {
      const look = effect(
        (note) => `look at ${note}`,
        async (_note: string) => {},
      );
      return async ({ notes }) => {
        seen.push([...notes]);
        await look(String(seen.length));
        notes.push('changed');
      };
    }, message);
    expect(seen).toEqual([['a'], ['a']]);
    expect(message.notes).toEqual(['a']);
  });

  test('finds an effect that happened before its delivery failed', async () => {
    const start: StartHandler<Order> = ({ idempotency, effect }) => {
      const charge = effect('charge');
      const ship = effect('ship', () => {
        throw new Error('no parcels today');
      });
      return idempotency.wrap(
        async (_order: Order) => {
          await charge();
          await ship();
        },
        { operation: 'fulfil', key: ({ id }) => id },
      );
    };
    const report = await deliverTwice(start, order, inspect);
    expect(report.repeated).toEqual(['charge']);
    expect(report.text).toContain('    ship()   (failed)\n    refused: Error: no parcels today');
  });

  test('says that nothing can be said without an effect, or if nothing was handled', async () => {
    await expect(deliverTwice<Order>(() => () => 'done', order)).rejects.toThrow(
      'no effect was recorded',
    );
    const refusing: StartHandler<Order> = () => () => {
      throw new TypeError('id is missing');
    };
    await expect(deliverTwice(refusing, order)).rejects.toThrow(
      'refused: TypeError: id is missing',
    );
  });

  test('takes a handler of a module, with a ledger', async () => {
    const ledger = effectsLedger();
    const charge = ledger.effect('charge', async (id: string) => id);
    const handler = ({ id }: Order) => charge(id);
    const report = await deliverTwice(() => handler, order, { ledger, unsafe: 'report' });
    expect(report.repeated).toEqual(['charge']);
    expect(ledger.count('charge')).toBe(2);
  });

  test('gives a delivery up that does not end', async () => {
    const start: StartHandler<Order> = () => () => new Promise(() => {});
    await expect(deliverTwice(start, order, { timeout: '20ms' })).rejects.toThrow(
      'delivery 1 did not end within 20 ms',
    );
  });

  test('ends processes, the last thing that was opened first', async () => {
    const ended: string[] = [];
    await deliverTwice<Order>((process) => {
      process.onEnd(() => ended.push(`database ${process.number}`));
      process.onEnd(() => ended.push(`server ${process.number}`));
      return wrapped(process);
    }, order);
    expect(ended).toEqual(['server 1', 'database 1', 'server 2', 'database 2']);
  });
});

describe('deliverAtOnce', () => {
  const slowly = (options: Partial<IdempotencyOptions>) =>
    deliverAtOnce(10, wrapped, order, { idempotency: options });

  test('passes a handler that is wrapped, whether others are refused or wait', async () => {
    const refused = await slowly({});
    expect(refused.deliveries.filter(({ end }) => end === 'handled').length).toBeGreaterThan(0);
    for (const { error } of refused.deliveries) {
      expect(error === undefined || isIdempotencyError(error, 'IN_PROGRESS')).toBe(true);
    }
    const waited = await slowly({ inProgress: 'wait' });
    expect(new Set(waited.deliveries.map(({ value }) => value))).toEqual(
      new Set(['receipt of o-1']),
    );
  });

  test('finds what looks first and acts afterwards', async () => {
    const seen = new Set<string>();
    const start: StartHandler<Order> = ({ effect }) => {
      const charge = effect('charge');
      return async ({ id }) => {
        if (seen.has(id)) return;
        await charge(id);
        seen.add(id);
      };
    };
    expect(await deliverTwice(start, order)).toMatchObject({ isSafe: true });
    seen.clear();
    expect(await deliverAtOnce(3, start, order, inspect)).toMatchObject({ repeated: ['charge'] });
  });

  test.each([0, 1, 1.5, 1_001])('refuses a count of %s', async (count) => {
    await expect(deliverAtOnce(count, wrapped, order)).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
    });
  });
});

describe('crashAt', () => {
  test('shows that an effect whose record was not written happens again', async () => {
    const report = await crashAt('charge', wrapped, order, inspect);
    expect(report).toMatchObject({ isSafe: false, repeated: ['charge'] });
    expect(report.text).toContain("its process died right after 'charge'");
    expect(report.text).toContain('downstreamKey');
  });

  test('passes what hands the key of its execution on to a service that knows it', async () => {
    const start: StartHandler<Order> = ({ idempotency, effect }) => {
      const charge = effect('charge', async (id: string, _key: string) => `receipt of ${id}`, {
        knownBy: (_id, key) => key,
      });
      return idempotency.wrap(({ id }: Order) => charge(id, currentExecution().downstreamKey), {
        operation: 'charge-order',
        key: ({ id }) => id,
      });
    };
    const report = await crashAt('charge', start, order);
    expect(report.effects.map(({ what }) => what)).toEqual(['happened', 'known']);
    expect(report.deliveries[1]).toMatchObject({ end: 'handled', value: 'receipt of o-1' });
  });

  test('passes what is held for an operator, or settled by a probe', async () => {
    const held = await crashAt('charge', wrapped, order, { idempotency: { abandoned: 'hold' } });
    expect(held.deliveries[1]).toMatchObject({ end: 'refused', error: { code: 'HELD' } });
    const probed = await crashAt('charge', wrapped, order, {
      idempotency: { abandoned: () => ({ completed: 'receipt' }) },
    });
    expect(probed.deliveries[1]).toMatchObject({ end: 'handled', value: 'receipt' });
  });

  test('finds work that is lost because it was written down before it was done', async () => {
    const report = await crashAt('charge', markFirst(new Set()), order, {
      ...inspect,
      when: 'before',
    });
    expect(report).toMatchObject({ isSafe: false, lost: ['charge'], repeated: [] });
    expect(report.text).toContain("'charge' never happened, and nobody will know");
  });

  test.each(['ship', 'fulfil.ship'])('repeats no step of a workflow before %s', async (step) => {
    const report = await crashAt(step, fulfil, order, { when: 'before' });
    expect(report.effects.map(({ effect, delivery }) => `${effect} ${delivery}`)).toEqual([
      'charge 1',
      'ship 2',
      'notify 2',
    ]);
  });

  test('names what was reached where the step is not', async () => {
    await expect(crashAt('refund', fulfil, order)).rejects.toThrow(
      "'refund' was never reached; the handler came to 'fulfil', 'fulfil.charge', 'charge', 'fulfil.ship', 'ship', 'fulfil.notify', 'notify'",
    );
  });
});
