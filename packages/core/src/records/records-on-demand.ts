import type { Deployment } from '../execution/deployment.ts';
import { onDemand } from '../on-demand.ts';
import type { Policy } from '../options/policy.ts';
import type { Records } from './records.ts';

// Once for all deployments: Node looks an import up anew each time.
const part = /* @__PURE__ */ onDemand(() => import('./operator-records.ts'));

/** What operators do is loaded when the first of them does something: functions that start cold never do. */
export function recordsOf(deployment: Deployment, policy: Policy): Records {
  let records: Records | undefined;
  const loaded = async (): Promise<Records> => {
    records ??= (await part()).operatorRecords(deployment, policy);
    return records;
  };
  return {
    list: async (...given) => (await loaded()).list(...given),
    get: async (...given) => (await loaded()).get(...given),
    result: async (...given) => (await loaded()).result(...given),
    stats: async (...given) => (await loaded()).stats(...given),
    release: async (...given) => (await loaded()).release(...given),
    complete: async (...given) => (await loaded()).complete(...given),
    delete: async (...given) => (await loaded()).delete(...given),
    extend: async (...given) => (await loaded()).extend(...given),
    releaseAll: async (...given) => (await loaded()).releaseAll(...given),
    extendAll: async (...given) => (await loaded()).extendAll(...given),
    deleteAll: async (...given) => (await loaded()).deleteAll(...given),
    reconcile: async (...given) => (await loaded()).reconcile(...given),
  };
}
