import type { DecodedOutcome } from '../codec/index.ts';
import { durationMs } from '../duration.ts';
import type { Deployment } from '../execution/deployment.ts';
import { openOutcome } from '../execution/outcome-layers.ts';
import { resultOmitted } from '../execution/replay.ts';
import { invalidOption } from '../options/option-checks.ts';
import type { Policy } from '../options/policy.ts';
import { recordVersion, type StoredRecord } from '../store.ts';
import { type BulkBasics, changeAll, isWanted } from './bulk-action.ts';
import {
  type ActionOptions,
  checkActionOptions,
  checkId,
  OperatorActions,
} from './operator-action.ts';
import { reconcileAll } from './reconcile.ts';
import { publicRecord } from './record.ts';
import { RecordChanges } from './record-changes.ts';
import { queryOf } from './record-filter.ts';
import { countRecords } from './record-stats.ts';
import type { Records } from './records.ts';

export function operatorRecords(deployment: Deployment, policy: Policy): Records {
  const { requests } = deployment;
  const { store } = requests;
  const { layers, retirement } = policy;
  const details = { retirement };
  const actions = new OperatorActions(deployment, details);
  const changes = new RecordChanges(deployment, details, policy, actions);
  /** To the record as it was listed. What became unknown since then has kept its version. */
  const changeListed = (
    action: 'release' | 'complete' | 'extend' | 'delete',
    { id, ...record }: StoredRecord,
    own: ActionOptions,
    bulk: BulkBasics,
    change: (seen: StoredRecord, version: string) => Promise<boolean>,
  ): Promise<boolean> =>
    actions.act(
      action,
      id,
      { ...own, version: recordVersion(record) },
      async (seen, version) => isWanted(bulk, seen) && change(seen, version),
    );

  return {
    async list(filter = {}) {
      const query = queryOf(filter, deployment.environment, 'records.list');
      const page = await requests.askOnce('list', undefined, details, (request) =>
        store.list(query, request),
      );
      return { records: page.records.map(publicRecord), cursor: page.cursor };
    },

    async get(id) {
      checkId(id);
      const record = await actions.look(id);
      return record && publicRecord(record);
    },

    async result(id) {
      checkId(id);
      const record = await actions.find(id);
      if (record?.status !== 'completed' || !record.outcome) {
        throw invalidOption(
          `${id} holds no result: ${record ? `it is ${record.status}` : 'there is no such record'}`,
        );
      }
      return resultOf(id, await openOutcome(layers, record.outcome, id));
    },

    stats: (filter = {}, onProgress) => countRecords(deployment, details, filter, onProgress),

    release: async (id, own = {}) => {
      checkActionOptions(own, 'records.release', ['steps']);
      return actions.report('release', id, own, () => changes.releaseSeen(id, own));
    },

    complete: async (id, value, own = {}) => {
      checkActionOptions(own, 'records.complete', ['steps', 'retention']);
      return actions.act('complete', id, own, (record, version) =>
        changes.complete(record, version, value, own),
      );
    },

    delete: async (id, own = {}) => {
      checkActionOptions(own, 'records.delete', ['steps']);
      return actions.report('delete', id, own, () => changes.remove(id, own));
    },

    extend: async (id, kept, own = {}) => {
      checkActionOptions(own, 'records.extend');
      const ms = kept === false ? null : durationMs(kept, 'retention');
      return actions.act('extend', id, own, (_record, version) => changes.extend(id, version, ms));
    },

    releaseAll: (filter, own = {}) =>
      changeAll(deployment, details, filter, own, 'records.releaseAll', (record) =>
        changeListed('release', record, own, own, (seen, version) =>
          changes.release(seen, version, own),
        ),
      ),

    extendAll: async (filter, kept, own = {}) => {
      const ms = kept === false ? null : durationMs(kept, 'retention');
      return changeAll(deployment, details, filter, own, 'records.extendAll', (record) =>
        changeListed('extend', record, own, own, (seen, version) =>
          changes.extend(seen.id, version, ms),
        ),
      );
    },

    deleteAll: (filter, own = {}) =>
      changeAll(deployment, details, filter, own, 'records.deleteAll', (record) =>
        changeListed('delete', record, own, own, (seen, version) =>
          changes.removeIdle(seen, version),
        ),
      ),

    reconcile: async (filter, probe, own = {}) =>
      reconcileAll(deployment, details, filter, probe, own, {
        complete: (record, value, how) =>
          changeListed('complete', record, how, own, (seen, version) =>
            changes.complete(seen, version, value, how),
          ),
        release: (record, how) =>
          changeListed('release', record, how, own, (seen, version) =>
            changes.release(seen, version, how),
          ),
      }),
  };
}

function resultOf(recordId: string, outcome: DecodedOutcome): unknown {
  if (outcome.kind === 'value') return outcome.value;
  if (outcome.kind === 'error') throw outcome.error;
  throw resultOmitted(recordId, outcome.reason);
}
