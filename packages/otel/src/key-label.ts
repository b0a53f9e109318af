import type { CallInfo } from '@twiceproof/core';

/** What stands as `idempotency.key` on the counter of executions. */
export type KeyLabel =
  /** Nothing. */
  | 'off'
  /** A label of your own, e.g. the tenant; undefined for none. Bounded like the key. */
  | ((call: CallInfo) => string | undefined)
  | {
      /** How many distinct labels a process uses; all later ones are counted as `_OTHER`. From 1 to
       * 1,500, default 200. */
      readonly max?: number | undefined;
      /** Default: the record id. */
      readonly label?: ((call: CallInfo) => string | undefined) | undefined;
    };
