import { testRule } from '../../test/rule-tester.ts';
import { awaitSteps } from './await-steps.ts';

const workflow = (body: string): string =>
  `idempotency.workflow(async (order, step) => { ${body} }, { operation: 'fulfil', key: ({ id }) => id });`;

testRule('await-steps', awaitSteps, {
  valid: [
    workflow(
      `const payment = await step('charge', charge); return step('ship', () => ship(payment));`,
    ),
    workflow(`await Promise.all([step('a', a), ...(order.gift ? [step('b', b)] : [])]);`),
    workflow(`await Promise.all(order.items.map((item) => step('mail', mail, { key: item.id })));`),
    workflow(
      `const mails = order.items.map(async (item) => { await step('mail', mail); }); await Promise.all(mails);`,
    ),
    workflow(`const running = step('a', a); await step('b', b); await running;`),
    workflow(`return await step('a', a).catch(() => undefined);`),
    workflow(`await deadline(step('a', a));`),
    workflow(`for (const item of order.items) await step('mail', mail, { key: item.id });`),
    // Another function of that name.
    `function dance(order, step) { step('left'); }`,
    `idempotency.wrap(async (order, step) => { step('left'); }, { operation: 'dance' });`,
    `idempotency.workflow(async (order) => order.id, { operation: 'fulfil' });`,
  ],
  invalid: [
    {
      code: workflow(`step('charge', charge); await step('ship', ship);`),
      marks: ['<step>( | unawaited'],
    },
    { code: workflow(`void step('charge', charge);`), marks: ['<step>( | unawaited'] },
    { code: workflow(`step('a', a).catch(log);`), marks: ['<step>( | unawaited'] },
    { code: workflow(`Promise.all([step('a', a)]);`), marks: ['<step>( | unawaited'] },
    { code: workflow(`const running = step('a', a);`), marks: ['<step>( | unawaited'] },
    {
      code: workflow(`order.items.forEach((item) => step('mail', mail, { key: item.id }));`),
      marks: ['<step>( | unawaited'],
    },
    {
      code: workflow(`order.items.map((item) => step('mail', mail));`),
      marks: ['<step>( | unawaited'],
    },
    {
      code: workflow(`setTimeout(() => { return step('later', mail); }, 1_000);`),
      marks: ['<step>( | unawaited'],
    },
    { code: workflow(`order.gift && step('wrap', wrapUp);`), marks: ['<step>( | unawaited'] },
    {
      code: `const fulfil = idempotency.workflow(async function (order: Order, run: Step) {
        run('charge', charge);
      }, { operation: 'fulfil' });`,
      marks: ['<run>( | unawaited'],
    },
  ],
});
