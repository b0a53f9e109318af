import { setFlagsFromString } from 'node:v8';
import { memoryStore } from '@twiceproof/memory';
import { expect, test } from 'vitest';
import { createIdempotency } from '../create-idempotency.ts';
import { processState } from '../process-state.ts';
import { Attempt } from './attempt.ts';
import { CallDetails } from './call-details.ts';
import { KeyedCall } from './keyed-call.ts';
import { kept } from './shapes.ts';

setFlagsFromString('--allow-natives-syntax');
const haveSameShape = new Function('a', 'b', 'return %HaveSameMap(a, b)');

test('what comes and goes with a call has the shapes that are kept', async () => {
  const attempts: Attempt[] = [];
  const { wrap } = createIdempotency({ environment: 'test', store: memoryStore() });
  const charge = wrap(
    async (_id: string) => {
      attempts.push(processState.executions.getStore() as Attempt);
    },
    { operation: 'charge', key: (id) => id },
  );
  for (let at = 0; at < 50; at++) await charge(`payment-${at}`);
  const attempt = attempts.at(-1)!;
  const { call } = attempt;
  for (const [made, kind] of [
    [attempt, Attempt],
    [call, KeyedCall],
    [call.info, CallDetails],
  ] as const) {
    const one = kept.find((each) => each instanceof kind);
    expect([kind.name, haveSameShape(made, one)]).toEqual([kind.name, true]);
  }
});
