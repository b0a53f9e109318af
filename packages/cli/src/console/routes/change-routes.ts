import type { ChangeAction, ChangedRecord } from '@twiceproof/console/wire';
import type { ActionOptions, Records, StepActionOptions } from '@twiceproof/core';
import { jsonValue } from '../json-value.ts';
import { Refusal, readOnlyRefusal, refusalOf } from '../refusal.ts';
import { textOf } from '../request-body.ts';
import { retentionOf } from '../retention-param.ts';
import type { Acting } from './route.ts';

type Body = Record<string, unknown>;
type Apply = (records: Records, id: string, options: ActionOptions) => Promise<boolean>;

/** Checks what an action needs beside the record, before anything is asked of the store. */
const actions: Readonly<Record<ChangeAction, (body: Body) => Apply>> = {
  release: (body) => (records, id, options) => records.release(id, withSteps(body, options)),
  delete: (body) => (records, id, options) => records.delete(id, withSteps(body, options)),
  complete: (body) => {
    // Nothing, as of a function that returns nothing.
    const isGiven = typeof body.value === 'string' && body.value.trim() !== '';
    const value = isGiven ? jsonValue(textOf(body, 'value', 1_048_576)) : undefined;
    const retention = retentionOf(body, false);
    return (records, id, options) =>
      records.complete(id, value, { ...withSteps(body, options), retention });
  },
  extend: (body) => {
    const retention = retentionOf(body);
    return (records, id, options) => records.extend(id, retention, options);
  },
};

function withSteps({ steps }: Body, options: ActionOptions): StepActionOptions {
  return steps === true ? { ...options, steps } : options;
}

export const release: Acting<ChangedRecord> = change('release');
export const complete: Acting<ChangedRecord> = change('complete');
export const remove: Acting<ChangedRecord> = change('delete');
export const extend: Acting<ChangedRecord> = change('extend');

function change(action: ChangeAction): Acting<ChangedRecord> {
  return async ({ idempotency, audit, readOnly }, body, { by }) => {
    const { records } = idempotency;
    const id = textOf(body, 'id', 4_096);
    const version = textOf(body, 'version', 200);
    const reason = textOf(body, 'reason', 500).trim();
    const entry = { by, action, recordId: id, version, reason };
    try {
      if (readOnly) {
        throw readOnlyRefusal();
      }
      const apply = actions[action](body);
      audit.check();
      if (!(await apply(records, id, { version, by, reason }))) throw await overtaken(records, id);
    } catch (error) {
      const { code, message } = refusalOf(error);
      const outcome =
        code === 'CHANGED' || code === 'GONE' ? 'changed' : code === 'FAULT' ? 'failed' : 'refused';
      audit.note({ ...entry, outcome, detail: message });
      throw code === 'EXECUTING' ? await executing(records, id, message) : error;
    }
    audit.note({ ...entry, outcome: 'done' });
    return { record: await records.get(id), now: Date.now() };
  };
}

async function overtaken(records: Records, id: string): Promise<Refusal> {
  const record = await records.get(id);
  return record === undefined
    ? new Refusal(
        'GONE',
        'Nothing was done: the record is gone. It expired, or somebody deleted it.',
      )
    : new Refusal(
        'CHANGED',
        'Nothing was done: somebody else changed the record after you looked at it. Look at it as it is now, then decide.',
        { record },
      );
}

async function executing(records: Records, id: string, message: string): Promise<Refusal> {
  return new Refusal('EXECUTING', `Nothing was done: ${message}`, {
    record: await records.get(id),
  });
}
