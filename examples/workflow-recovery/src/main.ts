import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { startRedis } from '@twiceproof/engines';

/** Lets one process fulfil an order. Answers what it did, and the signal that ended it. */
async function fulfil(url: string, order: string, dieIn?: string): Promise<string> {
  const program = new URL('./fulfil.ts', import.meta.url).pathname;
  const args = [program, url, order, ...(dieIn ? [dieIn] : [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', (_, signal) => resolve(signal)));
  const output = await text(child.stdout);
  const signal = await ended;
  return signal ? `${output}(ended by ${signal})\n` : output;
}

const redis = await startRedis({ own: true });
try {
  const order = 'o-1';
  console.log(`first process\n${await fulfil(redis.url, order, 'ship')}`);
  console.log(`second process\n${await fulfil(redis.url, order)}`);
  console.log(`the order comes once more\n${await fulfil(redis.url, order)}`);
} finally {
  await redis.stop();
}
