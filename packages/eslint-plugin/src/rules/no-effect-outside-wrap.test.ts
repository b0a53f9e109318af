import { testRule } from '../../test/rule-tester.ts';
import { noEffectOutsideWrap } from './no-effect-outside-wrap.ts';

const ours = `import { idempotency } from './idempotency.ts';\n`;
const post = `fetch(url, { method: 'POST' })`;

testRule('no-effect-outside-wrap', noEffectOutsideWrap, {
  valid: [
    `${ours}export const handler = async (event) => idempotency.execute({ operation: 'pay', key: event.id }, () => ${post});`,
    `${ours}export const handler = async (event) => { await fetch(event.url); return pay(event); };`,
    `${ours}const pay = idempotency.wrap(async (p) => ${post}, { operation: 'pay', key: (p) => p.id });
     app.post('/pay', async (request, response) => response.json(await pay(request.body)));`,
    `import { idempotencyKey } from '@twiceproof/http/express';
     app.post('/pay', idempotencyKey({ idempotency, scope }), async (request, response) => { await ${post}; });`,
    `import { idempotencyKey } from '@twiceproof/http/hono';
     app.use(idempotencyKey({ idempotency, scope }));
     app.post('/pay', async (c) => c.json(await ${post}));`,
    `import { idempotencyKey } from '@twiceproof/http/fastify';
     app.post('/pay', { config: { idempotency: { operation: 'pay' } } }, async () => ${post});`,
    `import { processor } from '@twiceproof/messaging/bullmq';
     new Worker('pay', processor(idempotency, { operation: 'pay', key: (job) => job.data.id }, async (job) => ${post}));`,
    `import { sqsBatch } from '@twiceproof/lambda';
     export const handler = sqsBatch(idempotency, { operation: 'pay' }, async (record) => ${post});`,
    `import { IdempotencyKey } from '@twiceproof/nestjs';
     class Refunds { @Post() @IdempotencyKey({ operation: 'refund' }) async create() { await ${post}; } }`,
    `${ours}idempotency.workflow(async (order, step) => { await step('pay', () => ${post}); }, { operation: 'fulfil' });`,
    `${ours}export const handler = async () => client.send(new GetItemCommand({}));`,
    `${ours}export const handler = async () => pool.query('SELECT 1');`,
    // No handler.
    `${ours}await ${post};`,
    `${ours}export async function setUp() { await ${post}; }`,
    // Twiceproof is not used here.
    `app.post('/pay', async () => ${post});`,
  ],
  invalid: [
    {
      code: `${ours}export const handler = async (event) => { await ${post}; return idempotency.execute({ operation: 'pay', key: event.id }, pay); };`,
      marks: [`${post} | outside`],
    },
    {
      code: `${ours}export async function handler(event) { await mailer.sendMail({ to: event.to }); await pay(event); }`,
      marks: ['mailer.sendMail({ to: event.to }) | outside'],
    },
    {
      code: `${ours}app.post('/pay', async (request, response) => { await stripe.charges.create(request.body); });`,
      marks: ['stripe.charges.create(request.body) | outside'],
    },
    {
      code: `${ours}new Worker('pay', async (job) => { await pool.query(\`INSERT INTO paid\`, [job.id]); });`,
      marks: ['pool.query(`INSERT INTO paid`, [job.id]) | outside'],
    },
    {
      code: `${ours}await consumer.run({ eachMessage: async ({ message }) => { await sns.send(new PublishCommand({ message })); } });`,
      marks: ['sns.send(new PublishCommand({ message })) | outside'],
    },
    {
      code: `${ours}class Refunds { @Post() async create(@Body() body: Refund) { await this.prisma.refund.create({ data: body }); } }`,
      marks: ['this.prisma.refund.create({ data: body }) | outside'],
    },
    {
      code: `${ours}idempotency.workflow(async (order, step) => { await step('pay', pay); await ${post}; }, { operation: 'fulfil' });`,
      marks: [`${post} | betweenSteps`],
    },
    {
      code: `${ours}export const handler = async () => ledger.book(1);`,
      options: [{ effects: ['^ledger\\.'] }],
      marks: ['ledger.book(1) | outside'],
    },
    {
      code: `app.post('/pay', async () => ${post});`,
      options: [{ everywhere: true }],
      marks: [`${post} | outside`],
    },
  ],
});
