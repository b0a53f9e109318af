import { fork } from 'node:child_process';
import { once } from 'node:events';
import { startRedis } from '@twiceproof/engines';
import { Webhook } from 'standardwebhooks';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const provider = new Webhook(secret);
const redis = await startRedis({ own: true });

async function start(name: string) {
  const instance = fork(new URL('./receiver.ts', import.meta.url), [redis.url, secret, name]);
  const [{ port }] = await once(instance, 'message');
  let taken = 0;
  instance.on('message', () => {
    taken += 1;
  });
  return {
    url: `http://127.0.0.1:${port}/`,
    taken: () => taken,
    async stop() {
      instance.kill('SIGTERM');
      await once(instance, 'exit');
    },
  };
}

/** Delivers an event as the provider does. */
async function deliver(url: string, invoice: string, sign = provider): Promise<number> {
  const body = JSON.stringify({ type: 'invoice.paid', invoice });
  const id = `msg_${invoice}`;
  const at = new Date();
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': sign.sign(id, at, body),
  };
  const response = await fetch(url, { method: 'POST', body, headers });
  return response.status;
}

const instances = [await start('one'), await start('the other')];
const urls = instances.map(({ url }) => url);
for (const invoice of ['inv-1', 'inv-2', 'inv-1', 'inv-2']) {
  const statuses = [];
  for (const url of urls) statuses.push(await deliver(url, invoice));
  console.log(`${invoice}, delivered to both: ${statuses.join(' and ')}`);
}
const forged = new Webhook('whsec_Zm9yZ2VkIHNlY3JldCBvZiBzb21lYm9keQ==');
console.log(`forged: ${await deliver(urls[0]!, 'inv-3', forged)}`);

for (const { stop } of instances) await stop();
const taken = instances.reduce((sum, instance) => sum + instance.taken(), 0);
console.log(`events taken: ${taken}`);
await redis.stop();
