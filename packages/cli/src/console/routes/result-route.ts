import type { ShownResult } from '@twiceproof/console/wire';
import { refusalOf } from '../refusal.ts';
import { textOf } from '../request-body.ts';
import { shownResult } from '../shown-result.ts';
import type { Acting } from './route.ts';

/** Decodes what the record replays. It may hold personal data, so it is asked for and noted. */
export const result: Acting<ShownResult> = async ({ idempotency, audit }, body, { by }) => {
  const recordId = textOf(body, 'id', 4_096);
  audit.check();
  try {
    const shown = await shownResult(idempotency.records, recordId);
    audit.note({ by, action: 'result', recordId, outcome: 'done' });
    return shown;
  } catch (error) {
    const { message } = refusalOf(error);
    audit.note({ by, action: 'result', recordId, outcome: 'failed', detail: message });
    throw error;
  }
};
