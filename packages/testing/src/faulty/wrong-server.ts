import { IdempotencyError, isIdempotencyError, type Store } from '@twiceproof/core';
import type { FaultyStore } from './faulty-store.ts';

const caughtBy = [
  'wrong server: a claim is made over another connection, and is there for everybody',
  'wrong server: a renewal, a completion and a release are',
  'wrong server: a deletion is',
];

const writes = ['acquire', 'renew', 'complete', 'release', 'delete'] as const;

type Write = (typeof writes)[number];
type Send = (...request: never[]) => Promise<unknown>;

/** The store with its writes sent by `send`. */
function writingBy(store: Store, send: (write: Send, name: Write, id: unknown) => Send): Store {
  const sent = writes.map((name) => {
    return [name, (...request: never[]) => send(store[name] as Send, name, request[0])(...request)];
  });
  return { ...store, ...Object.fromEntries(sent) };
}

/** The store with what `onFault` makes of faults that pass. */
function onFaults(store: Store, onFault: (fault: unknown, name: Write, first: unknown) => unknown) {
  return writingBy(store, (write, name, first) => async (...request) => {
    try {
      return await write(...request);
    } catch (fault) {
      if (isIdempotencyError(fault)) throw fault;
      return onFault(fault, name, first);
    }
  });
}

/** Faults of a store whose connection leads to a server that refuses writes. */
export const wrongServerFaults: readonly FaultyStore[] = [
  {
    name: 'stays on the wrong server',
    fault: 'keeps a connection that leads to a server which refuses writes',
    caughtBy,
    wrap: (store) => {
      let refusal: unknown;
      const noted = onFaults(store, (fault) => {
        refusal = fault;
        throw fault;
      });
      return writingBy(noted, (write) => async (...request) => {
        if (refusal !== undefined) throw refusal;
        return write(...request);
      });
    },
  },
  {
    name: 'the wrong server is final',
    fault: 'throws the refusal of a read-only server as one that no other try would change',
    caughtBy,
    wrap: (store) =>
      onFaults(store, (cause) => {
        throw new IdempotencyError('STORE_UNAVAILABLE', 'the server is read-only', { cause });
      }),
  },
  {
    name: 'believes the wrong server',
    fault: 'takes the refusal of a read-only server for an answer',
    caughtBy,
    wrap: (store) =>
      onFaults(store, (_fault, name, first) => {
        if (name === 'renew') return undefined;
        if (name === 'delete') return false;
        if (name !== 'acquire') return { status: 'lost' };
        const claim = first as Parameters<Store['acquire']>[0];
        const times = { createdAt: 0, startedAt: 0, leaseUntil: claim.leaseMs };
        const record = { ...claim, ...times, status: 'in_progress', fence: 1, attempt: 1 };
        return { status: 'acquired', record, leaseRemainingMs: claim.leaseMs };
      }),
  },
];
