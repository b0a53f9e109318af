import { startMariadb } from '@twiceproof/engines';
import { createPool } from 'mysql2/promise';
import { expect, test } from 'vitest';
import { mysqlStore } from '../src/index.ts';

test.each([
  ['that does not wait for the disk', ['--log-bin', '--sync-binlog=0'], ['NOT_DURABLE']],
  ['that waits for the disk', ['--log-bin', '--sync-binlog=1'], []],
  ['that is not written', ['--sync-binlog=0'], []],
  [
    'that is not written beside a redo log that does not wait',
    ['--innodb-flush-log-at-trx-commit=2'],
    ['NOT_DURABLE'],
  ],
])(
  'verify tells whether a crash loses what was acknowledged, with a binary log %s',
  async (_, config, expected) => {
    const server = await startMariadb({ config });
    const client = createPool(server.url);
    try {
      const store = mysqlStore({ client });
      await store.setup();
      const { ok, problems } = await store.verify();
      expect(problems.map(({ code }) => code)).toEqual(expected);
      expect(ok).toBe(expected.length === 0);
    } finally {
      await client.end();
      await server.stop();
    }
  },
);
