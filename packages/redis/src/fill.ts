import type { Store } from '@twiceproof/core';
import { encodeCopy } from './record-format.ts';
import { encodeNote } from './record-texts.ts';
import { fillScript } from './scripts.ts';
import type { StoreContext } from './store-context.ts';

export function createFill(context: StoreContext): Required<Store>['fill'] {
  const { commands, maxRecordBytes } = context;
  return async (record, ttlMs, options) => {
    const ttl = Math.floor(ttlMs);
    if (ttl < 1 || record.status !== 'completed') return;
    const value = encodeCopy(
      record,
      encodeNote({ lastError: record.lastError, settledBy: record.settledBy }),
    );
    if (value.length > maxRecordBytes) return;
    await commands.run(fillScript, record.id, [value, record.fence, ttl], options);
  };
}
