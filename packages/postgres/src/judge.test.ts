import type { Claim } from '@twiceproof/core';
import { recordVersion } from '@twiceproof/core';
import { newClaim, rivalOf } from '@twiceproof/testing';
import { expect, test } from 'vitest';
import { newStore, useDatabases } from '../test/databases.ts';
import { judge } from './acquire.ts';
import type { Row } from './database.ts';
import { namesOf } from './names.ts';
import { toRecord } from './row.ts';
import { unpacked } from './row-formats.ts';
import { claimParams, claim as claimSql, policyOf } from './sql/claim.ts';
import { read, readParams } from './sql/read.ts';

const { postgres18 } = useDatabases();
const hour = 3_600_000;

/** Every kind of record, as columns that differ from a live claim's. */
const kinds = [
  ...[
    ['in_progress', null],
    ['in_progress', 'TimeoutError'],
    ['completed', null],
    ['failed', 'Error'],
  ].flatMap(([status, error]) =>
    [hour, -hour].flatMap((lease) =>
      [2 * hour, -hour, null].map((expires) => ({ status, error, lease, expires, copy: null })),
    ),
  ),
  ...[hour, -hour].map((copy) => ({
    status: 'completed',
    error: null,
    lease: -hour,
    expires: hour,
    copy,
  })),
];

function claimsOf(mine: Claim, version: string): (readonly [Claim, boolean])[] {
  const claims = [
    mine,
    rivalOf(mine),
    rivalOf(mine, { abandoned: 'hold' }),
    rivalOf(mine, { fingerprint: 'another payload' }),
    rivalOf(mine, { fingerprint: undefined }),
    rivalOf(mine, { supersedes: version }),
    rivalOf(mine, { supersedes: version, abandoned: 'hold' }),
    rivalOf(mine, { supersedes: '1.completed.never' }),
  ];
  return claims.flatMap((claim) => [
    [claim, false],
    [claim, true],
  ]);
}

test('the rule for claims says in the process what it says in the database', async () => {
  const { store, rows, table, schema } = await newStore(postgres18);
  const names = namesOf(schema, 'twiceproof_records');
  let granted = 0;
  for (const { status, error, lease, expires, copy } of kinds) {
    const mine = newClaim({ fingerprint: 'payload' });
    await store.acquire(mine);
    const now = Date.now();
    const put = () =>
      rows(
        `UPDATE ${table} SET status = $2, token = $3, lease_until = $4, expires_at = $5,
           copy_until = $6, error_name = $7, fingerprint = 'payload' WHERE id = $1`,
        [
          mine.id,
          status,
          mine.token,
          now + lease,
          expires && now + expires,
          copy && now + copy,
          error,
        ],
      );
    await put();
    const readRow = async () =>
      unpacked((await rows<Row>(read(names, 'one'), readParams([mine.id])))[0]!);
    const row = await readRow();
    for (const [claim, paused] of claimsOf(mine, recordVersion(toRecord(row)))) {
      const params = claimParams([claim], policyOf(claim, paused), '1000');
      const said = judge(await readRow(), claim, paused);
      const isGranted = (await rows(claimSql(names), params)).length > 0;
      const what = JSON.stringify({ status, error, lease, expires, copy, claim, paused });
      expect(said === undefined, what).toBe(isGranted);
      if (!isGranted) continue;
      granted += 1;
      await put();
      // The version that the other claims name has a fence in it.
      await rows(`UPDATE ${table} SET fence = $2 WHERE id = $1`, [mine.id, row.fence]);
    }
  }
  expect(granted).toBeGreaterThan(80);
});
