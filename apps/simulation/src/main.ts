import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { planOf } from './plan.ts';
import { runSchedule } from './run-schedule.ts';
import { keepOnly } from './shrink.ts';
import { simulate } from './simulate.ts';

const usage = `pnpm simulate [--seeds 100000] [--from SEED] [--workers 2]   runs schedules, until one goes wrong
pnpm simulate --seed SEED [--keep 0,3] [--calm]                shows one schedule, or these events of it, or it without faults of the network`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100000' },
    from: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    workers: { type: 'string', default: String(availableParallelism()) },
    seed: { type: 'string' },
    keep: { type: 'string' },
    calm: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function show(seed: number): void {
  const whole = planOf(seed);
  const places = values.keep?.split(',').map(Number) ?? whole.events.map((_, at) => at);
  const plan = keepOnly(whole, places, values.calm ? 0 : whole.setting.faultRate);
  console.log(JSON.stringify(plan.setting));
  for (const event of plan.events) console.log(JSON.stringify(event));
  const { trace, violations } = runSchedule(plan, undefined, true);
  for (const line of trace!) console.log(line);
  console.log(violations.length === 0 ? 'every invariant holds' : 'violated');
  process.exitCode = violations.length === 0 ? 0 : 1;
}

async function run(): Promise<void> {
  const [from, seeds, workers] = [values.from, values.seeds, values.workers].map(Number);
  console.log(`${seeds} schedules from seed ${from} on ${workers} threads`);
  const result = await simulate({ from: from!, seeds: seeds!, workers: workers! });
  const { schedules, seconds, coverage, failure } = result;
  const rate = Math.round(schedules / seconds);
  console.log(`${schedules} schedules in ${seconds.toFixed(1)} s, ${rate}/s`);
  console.log(coverage);
  console.log(failure ?? 'every invariant holds');
  process.exitCode = failure === undefined ? 0 : 1;
}

if (values.help) console.log(usage);
else if (values.seed === undefined) await run();
// Not from a promise's turn: a schedule takes its promises' turns itself.
else setImmediate(show, Number(values.seed));
