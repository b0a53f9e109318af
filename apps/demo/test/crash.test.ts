import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPglite } from '../src/stores/pglite-engine.ts';
import {
  type Ended,
  effectsOf,
  ledgerOf,
  newState,
  runDemo,
  startDemo,
  tableOf,
} from './demo-process.ts';
import { ordersInput } from './orders-input.ts';

const orders = 9;
const slow = ['--key', 'detail.orderId', '--effect-ms', '60', '--workers', '3'];

/** Attempts of an effect that began and did not end. */
function interruptedIn(state: string): string[] {
  const open = new Map<string, string>();
  for (const { phase, effect, order, worker } of ledgerOf(state)) {
    const name = `${effect} ${order}`;
    if (phase === 'begin') open.set(`${name} ${worker}`, name);
    else open.delete(`${name} ${worker}`);
  }
  return [...open.values()].sort();
}

function expectEveryEffectOnce(state: string): void {
  const effects = effectsOf(state);
  expect([...effects].filter(([, times]) => times !== 1)).toEqual([]);
  expect(effects.size).toBe(3 * orders);
}

/** Ids of the records in the database of a demo that has ended. */
async function inProgressIn(state: string): Promise<string[]> {
  const { store, close } = await openPglite(join(state, 'database'));
  const { records } = await store.list({ status: 'in_progress', limit: 100 });
  await close();
  return records.map(({ id }) => id);
}

function namedAsInterrupted({ stdout }: Ended): string[] {
  return [...stdout.matchAll(/^ +(\w+ A-\d+), executed by a new attempt$/gm)]
    .map(([, name]) => name!)
    .sort();
}

test('killed in the middle and started again, it finishes, and names what was interrupted', async () => {
  const state = await newState();
  const input = await ordersInput(orders);
  // So long that the kill comes in the middle of an effect.
  const killed = startDemo('--state', state, '--input', input, ...slow, '--effect-ms', '500');
  await killed.until(/ [1-9]\d* executed/);
  // One that just began: what is under way already may be over before the kill is felt.
  const seen = ledgerOf(state).length;
  const began = () =>
    ledgerOf(state)
      .slice(seen)
      .some(({ phase }) => phase === 'begin');
  await expect.poll(began, { timeout: 10_000 }).toBe(true);
  killed.kill('SIGKILL');
  expect((await killed.ended).signal).toBe('SIGKILL');
  const interrupted = interruptedIn(state);
  expect(interrupted).not.toEqual([]);

  const restarted = await runDemo('--state', state, '--input', input, ...slow);
  expect(restarted).toMatchObject({ code: 0, stderr: '' });
  expect(tableOf(restarted).order).toMatchObject({ keys: orders, failed: 0, duplicates: 0 });
  expectEveryEffectOnce(state);
  expect(namedAsInterrupted(restarted)).toEqual(interrupted);

  const again = await runDemo('--state', state, '--input', input, ...slow, '--workers', '1');
  expect(tableOf(again).order).toMatchObject({ executed: 0, replayed: 2 * orders });
  expect(again.stdout, 'what was interrupted is told once').not.toContain('interrupted');
});

test('--kill-after kills a worker in the middle of an effect, and another attempt finishes its order', async () => {
  const state = await newState();
  const input = await ordersInput(orders);
  const ended = await runDemo('--state', state, '--input', input, ...slow, '--kill-after', '5');
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const [, name] = /died in the middle of (\w+ A-\d+): SIGKILL/.exec(ended.stdout)!;
  expect(namedAsInterrupted(ended)).toEqual([name]);
  expect(interruptedIn(state)).toEqual([name]);
  expect(tableOf(ended).order).toMatchObject({ executed: orders, failed: 0, duplicates: 0 });
  expectEveryEffectOnce(state);
});

test('a worker that somebody kills is replaced, and its order comes again', async () => {
  const state = await newState();
  const input = await ordersInput(orders);
  const demo = startDemo('--state', state, '--input', input, ...slow);
  await demo.until(/ [1-9]\d* executed/);
  process.kill(ledgerOf(state).at(-1)!.worker, 'SIGKILL');
  const ended = await demo.ended;
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).toMatch(/worker \d \(pid \d+\) died.*: SIGKILL, replaced/);
  expect(tableOf(ended).order).toMatchObject({ duplicates: 0 });
  expectEveryEffectOnce(state);
});

test('SIGTERM lets the workers finish what they have in hand; the next run does the rest', async () => {
  const state = await newState();
  const input = await ordersInput(orders);
  const demo = startDemo('--state', state, '--input', input, ...slow);
  await demo.until(/ [1-9]\d* executed/);
  demo.kill('SIGTERM');
  const stopped = await demo.ended;
  expect(stopped).toMatchObject({ code: 143, stderr: '' });
  expect(stopped.stdout).toMatch(/stopped by SIGTERM with \d+ deliver(y|ies) left/);
  expect(interruptedIn(state)).toEqual([]);
  expect(await inProgressIn(state), 'a deploy leaves nothing that waits for a lease').toEqual([]);

  const rest = await runDemo('--state', state, '--input', input, ...slow);
  expect(rest).toMatchObject({ code: 0, stderr: '' });
  expect(rest.stdout).not.toContain('interrupted');
  expectEveryEffectOnce(state);
});

test('a second signal ends everything at once', async () => {
  const state = await newState();
  const input = await ordersInput(1);
  const args = ['--state', state, '--input', input, '--key', 'detail.orderId', '--workers', '1'];
  const demo = startDemo(...args, '--effect-ms', '60000');
  await demo.until(/ 0\/2 /);
  demo.kill('SIGINT');
  await demo.until(/stopping when the workers have finished what they hold; again to stop now/);
  // Signals that come together count as one, so it is sent until it counts as the second.
  const insist = setInterval(() => demo.kill('SIGINT'), 50);
  const ended = await demo.ended;
  clearInterval(insist);
  // One more of them can meet the program while it exits; a shell says 130 then, too.
  expect(ended.signal === 'SIGINT' ? 130 : ended.code).toBe(130);
  expect(ended.stderr).toBe('');
});
