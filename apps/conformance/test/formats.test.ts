import { isIdempotencyError, RECORD_FORMAT, type Store } from '@twiceproof/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamodbPlace } from './formats/dynamodb-place.ts';
import { formatsOf, kept, shapeOf } from './formats/kept.ts';
import { answers, claimOf, lives, plain } from './formats/lives.ts';
import { mysqlPlace } from './formats/mysql-place.ts';
import type { Place } from './formats/place.ts';
import { postgresPlace } from './formats/postgres-place.ts';
import { redisPlace } from './formats/redis-place.ts';
import { sqlitePlace } from './formats/sqlite-place.ts';

/**
 * Records as versions before this one have left them, in `packages/…/test/formats`: a file for each format. None is
 * ever changed. Those that are named by a day were never released, and are refused.
 */
const places: Readonly<Record<string, () => Promise<Place>>> = {
  dynamodb: dynamodbPlace,
  mysql: mysqlPlace,
  postgres: postgresPlace,
  redis: redisPlace,
  sqlite: sqlitePlace,
};
const current = String(RECORD_FORMAT);
const isReleased = (format: string) => /^\d+$/.test(format);
const names = Object.keys(lives);

/** What a call gets to know; undefined where it gets an answer. */
async function refusalOf(asking: Promise<unknown>): Promise<unknown> {
  try {
    await asking;
    return undefined;
  } catch (error) {
    return isIdempotencyError(error) ? error.code : error;
  }
}

const claimedByAnother = (store: Store, name: string) =>
  store.acquire(claimOf(name, { token: 'of another one' }));

describe.each(Object.keys(places))('%s', (name) => {
  let place: Place;
  beforeAll(async () => {
    place = await places[name]!();
  });
  afterAll(() => place?.stop());

  const formats = formatsOf(name);

  it.each(formats.filter(isReleased))(
    'format %s is read as it was by who wrote it',
    async (format) => {
      const left = kept(name, format);
      const { store } = await place.fresh(left);
      const read = names.map(async (life) => [life, plain(await store.get(claimOf(life).id))]);
      expect(Object.fromEntries(await Promise.all(read))).toEqual(left.read);
    },
  );

  it.each(formats.filter(isReleased))('claims find what is there in format %s', async (format) => {
    const { store } = await place.fresh(kept(name, format));
    for (const life of names) {
      expect(await claimedByAnother(store, life), life).toMatchObject(answers[life]!);
    }
  });

  it.each(formats.filter((format) => !isReleased(format)))(
    'the format of %s, which was never released, is refused, executed over by nobody, and can be deleted',
    async (format) => {
      const { store } = await place.fresh(kept(name, format));
      for (const life of names.filter((each) => each !== 'deleted')) {
        const { id } = claimOf(life);
        expect(await refusalOf(claimedByAnother(store, life)), life).toBe('RECORD_CORRUPT');
        expect(await refusalOf(store.get(id)), life).toBe('RECORD_CORRUPT');
        expect(await store.delete(id), life).toBe(true);
        expect(await claimedByAnother(store, life), life).toMatchObject({ status: 'acquired' });
      }
    },
  );

  it('writes the current format as it is kept: another one needs a number and a file of its own', async () => {
    const { store, rows, tables } = await place.fresh();
    for (const [life, live] of Object.entries(lives)) await live(store, claimOf(life));
    const left = kept(name, current);
    expect(shapeOf(await rows())).toEqual(shapeOf(left.rows));
    if (tables) expect(await tables()).toEqual(left.tables);
  });
});
