import { describe, expect, it, vi } from 'vitest';
import { keysInCi } from '../src/arguments.ts';
import { singleRedis } from '../src/engines/redis.ts';
import { subjects } from '../src/engines/subjects.ts';
import type { Subject } from '../src/engines/target.ts';
import type { Phase } from '../src/faults/phase.ts';
import { report } from '../src/report.ts';
import { type PhaseResult, run } from '../src/run.ts';

const seed = Math.floor(Math.random() * 2 ** 31);

// They mostly wait for leases to end, so several at once take little longer than one.
describe.concurrent(`under every fault, seed ${seed}`, () => {
  it.each(subjects)('$name: no outcome is lost, and no repeat is unexplained', async (subject) => {
    const onPhase = (result: PhaseResult) => console.log(`${subject.name}\n${report(result)}`);
    const results = await run(subject, { keys: keysInCi, seed, onPhase });
    expect(results.flatMap(({ violations }) => violations)).toEqual([]);
    expect(results.reduce((sum, { keys }) => sum + keys, 0)).toBeGreaterThanOrEqual(keysInCi);
    // Where nothing was ever repeated, nothing was put to the test.
    const repeats = results.reduce((sum, each) => sum + each.repeats.length, 0);
    if (subject.mode === 'reexecute') expect(repeats).toBeGreaterThan(0);
    else expect(repeats).toBe(0);
  });
});

it('a server that forgets what it acknowledged is found, although everybody had been answered', async () => {
  const start = () => singleRedis(['--save', '']);
  const forgetful: Subject = { name: 'redis, kept in memory alone', mode: 'reexecute', start };
  const crash: Phase = {
    name: 'crash after the first answers',
    fits: () => true,
    async strike({ fleet, target }) {
      const answered = () => fleet.calls.filter(({ answer }) => answer.kind === 'ok').length;
      await vi.waitFor(() => expect(answered()).toBeGreaterThan(5), { timeout: 60_000 });
      await target.crash!();
    },
  };
  const [result] = await run(forgetful, { keys: 20, seed, only: [crash] });
  expect(report(result!)).toContain('UNEXPLAINED');
  expect(result!.violations.join('\n')).toContain('no order explains the answers');
});
