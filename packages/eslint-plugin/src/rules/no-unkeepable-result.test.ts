import { testRule } from '../../test/rule-tester.ts';
import { noUnkeepableResult } from './no-unkeepable-result.ts';

const wrap = (fn: string, options = ''): string =>
  `idempotency.wrap(${fn}, { operation: 'work', key: (id) => id${options} });`;

testRule('no-unkeepable-result', noUnkeepableResult, {
  valid: [
    wrap(`async (id) => ({ id, at: new Date(), tags: new Set([id]), bytes: new Uint8Array(3) })`),
    wrap(`async (id) => { const response = await fetch(id); return response.json(); }`),
    wrap(`async (id) => (await fetch(id)).text()`),
    wrap(`async (id) => fetch(id)`, `, result: 'omit'`),
    wrap(`async (id) => new URL(id)`, `, types: [url]`),
    { code: wrap(`async (id) => new URL(id)`), options: [{ codecs: ['URL'] }] },
    wrap(`async (id) => { throw new Error(id); }`),
    wrap(`async (id) => { const open = () => fetch(id); await open(); return id; }`),
    // What is not recorded by its value.
    `cache.wrap(async () => new Response());`,
    `import { idempotent } from '@twiceproof/http'; idempotent({ idempotency }, async () => new Response('done'));`,
    `idempotency.execute({ operation: 'work', key: 1 }, async () => new Money(1));`,
  ],
  invalid: [
    { code: wrap(`async (id) => fetch(id)`), marks: ['fetch(id) | unkeepable'] },
    {
      code: wrap(`async (id) => { const response = await fetch(id); return response; }`),
      marks: ['return <response>; | unkeepable'],
    },
    {
      code: wrap(`async (id) => ({ id, body: new ReadableStream() })`),
      marks: ['new ReadableStream() | unkeepable'],
    },
    { code: wrap(`async (id) => [{ close: () => {} }]`), marks: ['() => {} | unkeepable'] },
    { code: wrap(`async (id) => ({ id, close() {} })`), marks: ['() {} | unkeepable'] },
    {
      code: wrap(`async function* (id) { yield id; }`),
      marks: ['async function* (id) { yield id; } | unkeepable'],
    },
    { code: wrap(`async (id) => (id ? new URL(id) : null)`), marks: ['new URL(id) | unkeepable'] },
    { code: wrap(`async (id) => ({ pattern: /a+/ })`), marks: ['/a+/ | unkeepable'] },
    { code: wrap(`async (id) => new TypeError(id)`), marks: ['new TypeError(id) | unkeepable'] },
    {
      code: wrap(`async (id) => createReadStream(id)`),
      marks: ['createReadStream(id) | unkeepable'],
    },
    { code: wrap(`effect(async (tx, id) => Symbol(id))`), marks: ['Symbol(id) | unkeepable'] },
    {
      code: `await idempotency.execute({ operation: 'work', key: 1 }, async () => { if (a) { return new WeakMap(); } return 1; });`,
      marks: ['new WeakMap() | unkeepable'],
    },
    {
      code: `idempotency.workflow(async (order, step) => {
        const response = await step('charge', () => fetch(order.url));
        return step('ship', async () => ({ label: 1 }));
      }, { operation: 'fulfil' });`,
      marks: ['fetch(order.url) | unkeepable'],
    },
  ],
});
