import { DBOS } from '@dbos-inc/dbos-sdk';
import { type Charge, chargeThrough } from './charge.ts';
import type { KeyChoice } from './key-choice.ts';
import type { Payment } from './payments.ts';

const silent = {
  ...{ info: () => {}, debug: () => {}, warn: () => {} },
  error: (...given: unknown[]) => console.error(...given),
};

type Workflow = (payment: Payment) => Promise<unknown>;

/**
 * Makes charges with DBOS: a workflow whose id is the key, and which has no steps, each of which would be
 * written, too.
 */
export async function dbosOn(
  { url, schema }: { readonly url: string; readonly schema: string },
  cleanUp: AsyncDisposableStack,
): Promise<(key: KeyChoice) => Charge> {
  // Workflows have to be known before it starts, and the functions that are measured come later.
  const functions = new Map<string, Workflow>();
  const run = DBOS.registerWorkflow(
    async (charge: string, payment: Payment) => functions.get(charge)!(payment),
    { name: 'charge-payment' },
  );
  DBOS.setConfig({
    name: 'benchmarks',
    systemDatabaseUrl: url,
    systemDatabasePoolSize: 10,
    systemDatabaseSchemaName: schema,
    logger: silent,
  });
  await DBOS.launch();
  cleanUp.defer(() => DBOS.shutdown());
  return (key) => {
    const charge = `charge-${functions.size}`;
    return chargeThrough((fn) => {
      functions.set(charge, fn);
      return async (payment) => {
        const handle = await DBOS.startWorkflow(run, { workflowID: key.text(payment) })(
          charge,
          payment,
        );
        return handle.getResult();
      };
    });
  };
}
