import type { Mutant } from './mutant.ts';
import { renamed } from './renamed.ts';

/** Engines that treat the work wrongly, and tiers that do. */
export const callMutants: readonly Mutant[] = [
  {
    name: 'tier filled before the acknowledgement',
    fault: 'puts a result into the faster tier before the authority has it',
    caughtBy: ['tiers serve what counts'],
    tier: (fast) => fast,
    stack(stack, world, process) {
      const early = new Map<string, { readonly text: Uint8Array }>();
      return {
        ...stack,
        async acquire(claim, options) {
          const found = early.get(claim.id);
          const row = world.table.rows.get(claim.id);
          if (!found || !row || claim.supersedes !== undefined)
            return stack.acquire(claim, options);
          const record = { ...row, status: 'completed' as const, outcome: found.text };
          return { status: 'existing', record, leaseRemainingMs: 0 };
        },
        complete(id, token, outcome, options) {
          early.set(id, { text: outcome.bytes });
          process.clock.schedule(100, () => early.delete(id));
          return stack.complete(id, token, outcome, options);
        },
      };
    },
  },
  {
    name: 'delete leaves tiers',
    fault: 'deletes at the authority, and goes on serving its copies',
    caughtBy: ['tiers serve what counts'],
    tier: (fast) => ({ ...fast, delete: async () => true }),
  },
  {
    name: 'tier keeps for ever',
    fault: 'serves copies without looking at their age',
    caughtBy: ['tiers serve what counts', 'expiry by the authority'],
    tier: (fast) => ({ ...fast, fill: (record) => fast.fill!(record, 1_000_000) }),
  },
  {
    name: 'function started twice',
    fault: 'starts the function again under the same claim when it failed',
    caughtBy: ['one start per claim'],
    work: (work) => ({
      ...work,
      async plain(order) {
        try {
          return await work.plain({ ...order });
        } catch {
          return work.plain({ ...order });
        }
      },
    }),
  },
  {
    name: 'key computed after the function',
    fault: 'executes under the key of what the function makes of its input',
    caughtBy: ['key computed once'],
    store: (store) => renamed(store, (id) => `${id}-changed`),
  },
  {
    name: 'replays share one object',
    fault: 'hands the same object to every caller',
    caughtBy: ['isolated replays'],
    shares: true,
  },
  {
    name: 'abort signal late',
    fault: 'lets timers come one lease late',
    caughtBy: ['lease deadline', 'exclusivity'],
    clock: (clock) => ({
      ...clock,
      schedule: (ms, run, background) =>
        clock.schedule(background ? ms + 300 : ms, run, background),
    }),
  },
  {
    name: 'step skipped without its result',
    fault: 'answers a step with something that it has not recorded',
    caughtBy: ['agreement'],
    work: (work) => ({
      ...work,
      workflow: (order, step) =>
        work.workflow(order, async (name, fn, options) => {
          if (name !== 'second') return step(name, fn, options);
          return { text: 'nothing', tags: [], bytes: new Uint8Array() } as never;
        }),
    }),
  },
  {
    name: 'keys written as text',
    fault: 'takes a number for the text that it is written as',
    caughtBy: ['injective ids'],
    key: (key) => String(key),
  },
  {
    name: 'blank key accepted',
    fault: 'executes work without a key under an empty one',
    caughtBy: ['no accidental meeting'],
    key: (key) => (key === '' ? 'none' : key),
  },
  {
    name: 'switched off silently',
    fault: 'runs what was wrapped as if it had not been',
    caughtBy: ['wrapped is protected'],
    options: (options) => ({ ...options, enabled: false }),
  },
  {
    name: 'outage taken for permission',
    fault: 'executes without a claim while the store is away',
    caughtBy: ['wrapped is protected', 'fail closed'],
    options: (options) => ({ ...options, storeOutage: 'execute' }),
  },
];
