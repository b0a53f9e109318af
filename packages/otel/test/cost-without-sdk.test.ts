import type { Instrumentation } from '@twiceproof/core';
import { expect, it } from 'vitest';
import { openTelemetry } from '../src/index.ts';
import { chargeWith, promisesOf } from './promises-of.ts';

async function costs(instrumentation: Instrumentation | undefined) {
  const charge = chargeWith(instrumentation);
  return { first: await promisesOf(charge), replay: await promisesOf(charge) };
}

it('without an SDK a call takes no promise more than one without instrumentation', async () => {
  expect(await costs(openTelemetry())).toEqual(await costs(undefined));
});
