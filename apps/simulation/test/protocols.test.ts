import { runStoreSuite, virtualClock } from '@twiceproof/testing';
import { expect, test } from 'vitest';
import { withoutNetwork } from '../src/world/network.ts';
import { type Kind, kinds, marginMs, protocolOf, tableOf } from '../src/world/protocols.ts';

/** What the simulation has no use for: nobody looks at lists there, and no record is too large. */
const unmodelled = ['list', 'limits', 'paused retirement', 'isolation', 'workflow'];

test.for<Kind>([...kinds])('the model of %s keeps to the contract of stores', async (kind) => {
  const failed = await runStoreSuite(
    async () => {
      const clock = virtualClock();
      const table = tableOf(kind);
      const around = { table, send: withoutNetwork, now: clock.epoch, skewMs: () => 0 };
      const stores = [protocolOf(kind, around), protocolOf(kind, around)] as const;
      return { stores, advance: clock.advance, dispose: async () => {} };
    },
    {
      without: ['fill', 'setup', 'watch', 'close', 'damage', 'pausedRetirement'],
      contention: { rounds: 10, claims: 10 },
      clockMarginMs: kind === 'dynamodb' ? marginMs : 0,
    },
  );
  const modelled = failed.filter(({ title }) => !unmodelled.includes(title.split(':')[0]!));
  expect(modelled.map(({ title, error }) => `${title}: ${String(error)}`)).toEqual([]);
});
