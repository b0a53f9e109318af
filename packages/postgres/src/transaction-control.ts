import type { SqlStatement } from './sql-statements.ts';

/** What a statement does to the transaction it is sent in; undefined if nothing. */
export type TransactionControl =
  | { readonly kind: 'begin' | 'commit' | 'rollback' }
  /** What cannot be done to a part of a transaction, and why. */
  | { readonly kind: 'refused'; readonly why: string };

/** All others do nothing to it: spares most statements a closer look. */
export const mayControl: RegExp =
  /\b(?:begin|start|commit|end|rollback|abort|prepare|savepoint|release|transaction\w*)\b/i;

/** Names of the store's own savepoints begin with it. */
export const ownSavepoint = 'twiceproof_';

const noise = new Set(['work', 'transaction']);

export function transactionControl({ words }: SqlStatement): TransactionControl | undefined {
  const [first = '', second = ''] = words;
  const rest = words.slice(1).filter((word, at) => at > 0 || !noise.has(word));
  switch (first) {
    case 'begin':
      return begin(rest);
    case 'start':
      return second === 'transaction' ? begin(rest) : undefined;
    case 'commit':
    case 'end':
      return end('commit', rest);
    case 'rollback':
    case 'abort':
      return rest[0] === 'to' ? savepoint(rest) : end('rollback', rest);
    case 'savepoint':
    case 'release':
      return savepoint(words);
    case 'prepare':
      return second === 'transaction'
        ? refused('a prepared transaction would be taken away from the execution')
        : undefined;
    case 'set':
      return set(words);
    default:
      return undefined;
  }
}

function begin(modes: readonly string[]): TransactionControl {
  return haveModes(modes) ? { kind: 'begin' } : cannotChange;
}

function end(kind: 'commit' | 'rollback', rest: readonly string[]): TransactionControl {
  const how = rest.join(' ');
  if (how === '' || how === 'and no chain') return { kind };
  return refused('only a plain one can be a savepoint of the execution');
}

function savepoint(words: readonly string[]): TransactionControl | undefined {
  if (!words.at(-1)?.toLowerCase().startsWith(ownSavepoint)) return undefined;
  return refused(`savepoints whose names begin with ${ownSavepoint} belong to the execution`);
}

function set(words: readonly string[]): TransactionControl | undefined {
  const at = words[1] === 'local' || words[1] === 'session' ? 2 : 1;
  const what = words[at] ?? '';
  if (what === 'transaction') return haveModes(words.slice(at + 1)) ? undefined : cannotChange;
  return what.startsWith('transaction_') ? cannotChange : undefined;
}

/** Whether these are what the transaction has anyway. */
function haveModes(words: readonly string[]): boolean {
  const left = words
    .join(' ')
    .replaceAll(/isolation level read (?:un)?committed|read write|(?:not )?deferrable/g, '');
  return left.trim() === '';
}

function refused(why: string): TransactionControl {
  return { kind: 'refused', why };
}

const cannotChange = refused(
  'the execution’s transaction is READ COMMITTED and READ WRITE, and a part of it cannot be anything else',
);
