import { expect, test } from 'vitest';
import { countOldRecords } from '../src/index.ts';
import { placeKinds, usePlaces } from './places.ts';
import { written } from './written.ts';

const places = usePlaces();

test.each(placeKinds)(
  'counts what is left on %s, by function, and changes nothing',
  async (kind) => {
    const place = await places.open(kind);
    expect(await countOldRecords(place.old)).toEqual([]);
    const now = Math.floor(Date.now() / 1_000);
    const write = (id: string, status: string, inSeconds: number) =>
      written(place, { id, status, expiration: now + inSeconds });
    await write('orders-fn#a/b+c==', 'COMPLETED', 500);
    await write('orders-fn#d', 'COMPLETED', 700);
    await write('orders-fn#e', 'INPROGRESS', 600);
    await write('orders-fn#f', 'COMPLETED', -5);
    await write('orders-fn.app.charge#0123', 'COMPLETED', -5);
    await write('with#hash#g', 'COMPLETED', 100);
    const before = await place.content();
    const seen: number[] = [];
    expect(await countOldRecords(place.old, (count) => seen.push(count))).toEqual([
      {
        function: 'orders-fn',
        completed: 2,
        inProgress: 1,
        expired: 1,
        lastExpiresAt: (now + 700) * 1_000,
      },
      {
        function: 'orders-fn.app.charge',
        completed: 0,
        inProgress: 0,
        expired: 1,
        lastExpiresAt: undefined,
      },
      {
        function: 'with#hash',
        completed: 1,
        inProgress: 0,
        expired: 0,
        lastExpiresAt: (now + 100) * 1_000,
      },
    ]);
    expect(seen.at(-1)).toBe(6);
    expect(await place.content()).toStrictEqual(before);
  },
);
