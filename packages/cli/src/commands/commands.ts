import type { Command } from 'commander';
import type { Runner } from '../command-call.ts';

/** A command as the help of the program lists it. What it needs is imported when it is called. */
export interface ListedCommand {
  readonly name: string;
  /** Its operands, as its own help shows them. */
  readonly operands?: string;
  readonly summary: string;
  /** Imports what gives it its options and its action. */
  load(): Promise<(command: Command, runner: Runner) => void>;
}

export const commands: readonly ListedCommand[] = [
  {
    name: 'list',
    summary: 'list records',
    load: async () => (await import('./list.ts')).configureList,
  },
  {
    name: 'show',
    operands: '<id>',
    summary: 'show a record',
    load: async () => (await import('./show.ts')).configureShow,
  },
  {
    name: 'release',
    operands: '[id...]',
    summary: 'let work run again',
    load: async () => (await import('./release.ts')).configureRelease,
  },
  {
    name: 'complete',
    operands: '<id> [value]',
    summary: 'note work as done',
    load: async () => (await import('./complete.ts')).configureComplete,
  },
  {
    name: 'delete',
    operands: '[id...]',
    summary: 'forget records',
    load: async () => (await import('./delete.ts')).configureDelete,
  },
  {
    name: 'extend',
    operands: '[id...]',
    summary: 'keep records for longer, or shorter',
    load: async () => (await import('./extend.ts')).configureExtend,
  },
  {
    name: 'reconcile',
    summary: 'ask a probe about abandoned work',
    load: async () => (await import('./reconcile.ts')).configureReconcile,
  },
  {
    name: 'stats',
    summary: 'count records by operation and status',
    load: async () => (await import('./stats.ts')).configureStats,
  },
  {
    name: 'id',
    operands: '<operation> <key>',
    summary: 'compute a record id',
    load: async () => (await import('./id.ts')).configureId,
  },
  {
    name: 'setup',
    summary: 'create what the store needs',
    load: async () => (await import('./setup.ts')).configureSetup,
  },
  {
    name: 'sweep',
    summary: 'delete expired records',
    load: async () => (await import('./sweep.ts')).configureSweep,
  },
  {
    name: 'verify',
    summary: 'look for settings that endanger records',
    load: async () => (await import('./verify.ts')).configureVerify,
  },
  {
    name: 'powertools',
    summary: 'count what is left of the records of AWS Powertools',
    load: async () => (await import('./powertools.ts')).configurePowertools,
  },
  {
    name: 'console',
    summary: 'look at records and change them in a browser',
    load: async () => (await import('./console.ts')).configureConsole,
  },
];
