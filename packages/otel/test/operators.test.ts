import { startReceiver } from '@twiceproof/engines/otlp';
import { expect, test } from 'vitest';
import { runProgram } from './run-program.ts';
import { sdkLines } from './sdk-lines.ts';

const program = new URL('./programs/operators.ts', import.meta.url);

test.each(sdkLines)(
  '%s: actions of operators tell who, what, which record, why, and whether it was done',
  async (_, nodeArgs) => {
    const receiver = await startReceiver();
    try {
      const { id } = await runProgram<{ id: string }>(program, { nodeArgs, otlpUrl: receiver.url });
      const actions = receiver.spans().filter(({ name }) => name.startsWith('operate '));
      const told = { 'idempotency.key': id, 'idempotency.operator.name': 'ada' };
      expect(actions.map(({ name, attributes }) => [name, attributes])).toEqual([
        [
          'operate extend',
          {
            ...told,
            'idempotency.operator.action': 'extend',
            'idempotency.operator.reason': 'under dispute',
            'idempotency.operator.done': true,
          },
        ],
        [
          'operate release',
          {
            ...told,
            'idempotency.operator.action': 'release',
            'idempotency.operator.reason': 'refunded by hand',
            'idempotency.operator.done': true,
          },
        ],
        [
          'operate delete',
          {
            'idempotency.key': id,
            'idempotency.operator.action': 'delete',
            'idempotency.operator.done': true,
          },
        ],
        [
          'operate delete',
          {
            'idempotency.key': id,
            'idempotency.operator.action': 'delete',
            'idempotency.operator.done': false,
          },
        ],
      ]);
      expect(new Set(actions.map(({ status }) => status))).toEqual(new Set(['STATUS_CODE_UNSET']));
    } finally {
      await receiver.stop();
    }
  },
);
