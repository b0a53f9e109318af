import type { Instrumentation } from '@twiceproof/core';
import { promisesOfCall } from '@twiceproof/counting';
import { expect, it } from 'vitest';
import { openTelemetry } from '../src/index.ts';
import { chargeWith } from './charge-with.ts';

async function costs(instrumentation: Instrumentation | undefined) {
  const charge = chargeWith(instrumentation);
  return { first: await promisesOfCall(100, charge), replay: await promisesOfCall(100, charge) };
}

it('without an SDK a call takes no promise more than one without instrumentation', async () => {
  expect(await costs(openTelemetry())).toEqual(await costs(undefined));
});
