import { testRule } from '../../test/rule-tester.ts';
import { noUnstableKey } from './no-unstable-key.ts';

testRule('no-unstable-key', noUnstableKey, {
  valid: [
    `idempotency.wrap(pay, { operation: 'pay', key: (payment) => payment.id });`,
    `idempotency.execute({ operation: 'mail', key: [user.id, 'welcome'] }, () => send(Date.now()));`,
    // A date that the message has is no clock.
    `idempotency.wrap(report, { operation: 'report', key: (event) => new Date(event.time) });`,
    `import { processor } from '@twiceproof/messaging/bullmq';
     processor(idempotency, { operation: 'charge', key: (job) => job.data.paymentId }, charge);`,
    // Others may have a key that changes.
    `cache.wrap(load, { key: () => Date.now() }); new Map([[Math.random(), 1]]);`,
    `const random = { id: 1 };
     idempotency.wrap(pay, { operation: 'pay', key: () => random.id });`,
    `const Date = { now: 1 }; idempotency.wrap(pay, { operation: 'pay', key: (order) => order.now });`,
    // The random part of a payload that is not the key.
    `idempotency.wrap(pay, { operation: 'pay', key: (p) => p.id, input: () => Date.now() });`,
  ],
  invalid: [
    {
      code: `idempotency.wrap(pay, { operation: 'pay', key: () => Date.now() });`,
      marks: ['Date.now() | unstable'],
    },
    {
      code: `idempotency.wrap(pay, { operation: 'pay', key: ({ id }) => [id, new Date().toISOString()] });`,
      marks: ['new Date() | unstable'],
    },
    {
      code: `import { randomUUID as uuid } from 'node:crypto';
        idempotency.execute({ operation: 'pay', key: uuid() }, pay);`,
      marks: ['uuid() | unstable'],
    },
    {
      code: `import crypto from 'node:crypto';
        idempotency.settled({ operation: 'pay', key: { id: crypto.randomUUID() } }, pay);`,
      marks: ['crypto.randomUUID() | unstable'],
    },
    {
      code: `const { v4 } = require('uuid');
        idempotency.wrap(pay, { operation: 'pay', key: () => v4() });`,
      marks: ['v4() | unstable'],
    },
    {
      code: `import { nanoid } from 'nanoid';
        const requestId = request.headers['x-request-id'] ?? nanoid();
        await idempotency.execute({ operation: 'pay', key: [requestId] }, pay);`,
      marks: ['<requestId>] | unstable'],
    },
    {
      code: `function keyOf(order) { return order.id + Math.random(); }
        idempotency.workflow(fulfil, { operation: 'fulfil', key: keyOf });`,
      marks: ['<keyOf> } | unstable'],
    },
    {
      code: `idempotency.wrap(pay, { operation: 'pay', key: (p) => p.id, scope: () => String(performance.now()) });`,
      marks: ['performance.now() | unstable'],
    },
    {
      code: `import { sqsBatch } from '@twiceproof/lambda';
        export const handler = sqsBatch(idempotency, { operation: 'sqs', key: () => globalThis.crypto.randomUUID() }, work);`,
      marks: ['globalThis.crypto.randomUUID() | unstable'],
    },
    {
      code: `class Billing {
        @idempotency.method({ operation: 'refund', key: (r: Refund) => \`\${r.id}-\${process.hrtime.bigint()}\` })
        async refund(refund: Refund) {}
      }`,
      marks: ['process.hrtime.bigint() | unstable'],
    },
    {
      code: `idempotency.wrap(pay, { operation: 'pay', key: (p) => (Temporal.Now.instant() as any).toString() });`,
      marks: ['Temporal.Now.instant() | unstable'],
    },
  ],
});
