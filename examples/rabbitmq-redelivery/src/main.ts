import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { startRabbitmq, startRedis } from '@twiceproof/engines';
import { connect } from 'amqplib';

const [rabbit, redis] = await Promise.all([
  startRabbitmq({ own: true }),
  startRedis({ own: true }),
]);

/** Lets one process consume until it is done with a message. Answers what it said, and what ended it. */
async function consume(...die: string[]): Promise<string> {
  const program = new URL('./consume.ts', import.meta.url).pathname;
  const args = [program, rabbit.url, redis.url, ...die];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', (_, signal) => resolve(signal)));
  const output = await text(child.stdout);
  const signal = await ended;
  return signal ? `${output}(ended by ${signal})\n` : output;
}

const connection = await connect(rabbit.url);
const channel = await connection.createConfirmChannel();
async function publish(body: string): Promise<void> {
  channel.sendToQueue('charges', Buffer.from(body), { persistent: true });
  await channel.waitForConfirms();
}

try {
  await channel.assertQueue('charges', {
    arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'charges-dead' },
  });
  const payment = JSON.stringify({ paymentId: 'pay-1' });
  await publish(payment);
  console.log(`first process\n${await consume('die')}`);
  console.log(`second process\n${await consume()}`);
  await publish(payment);
  console.log(`the payment is published once more\n${await consume()}`);
  await publish('not { json');
  console.log(`a message that nobody can read\n${await consume()}`);
  const { messageCount } = await channel.checkQueue('charges-dead');
  console.log(`dead letters: ${messageCount}`);
} finally {
  await connection.close();
  await Promise.all([rabbit.stop(), redis.stop()]);
}
