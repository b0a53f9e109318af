import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { planOf } from './plan.ts';
import { showRace } from './races/show-race.ts';
import { recordRun } from './recorded-runs.ts';
import { runSchedule } from './run-schedule.ts';
import { keepOnly } from './shrink.ts';
import { simulate } from './simulate.ts';

const usage = `pnpm simulate [--races] [--seeds 100000] [--from SEED] [--workers 2] [--minutes 30] [--record]
                                                               runs schedules, until one goes wrong
pnpm simulate --million [--races]                              as --seeds 1000000 --from 1
pnpm simulate --seed SEED [--keep 0,3] [--calm]                shows one schedule, or these events of it, or it without faults of the network
pnpm simulate --races --seed SEED [--keep 0,3]         shows one race, or these steps of it`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100000' },
    from: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    workers: { type: 'string', default: String(availableParallelism()) },
    minutes: { type: 'string' },
    million: { type: 'boolean', default: false },
    races: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
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
  const { million, minutes } = values;
  const from = million ? 1 : Number(values.from);
  const seeds = million ? 1_000_000 : Number(values.seeds);
  const workers = Number(values.workers);
  const limitMs = minutes === undefined ? undefined : Number(minutes) * 60_000;
  const of = values.races ? 'races' : 'calls';
  console.log(`${seeds} schedules of ${of} from seed ${from} on ${workers} threads`);
  const result = await simulate({ from, seeds, workers, of, limitMs });
  const { schedules, seconds, coverage, failure } = result;
  const rate = Math.round(schedules / seconds);
  const { user, system } = process.cpuUsage();
  const rateOfCpu = Math.round(schedules / ((user + system) / 1e6));
  console.log(
    `${schedules} schedules in ${seconds.toFixed(1)} s, ${rate}/s, ${rateOfCpu} per second of processor time`,
  );
  console.log(coverage);
  console.log(failure ?? 'every invariant holds');
  process.exitCode = failure === undefined ? 0 : 1;
  if (!values.record) return;
  const violations = failure === undefined ? 0 : 1;
  const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' });
  recordRun({ of, from, schedules, violations, rate: rateOfCpu, commit: commit.trim() });
}

if (values.help) console.log(usage);
else if (values.seed === undefined) await run();
else if (values.races) process.exitCode = showRace(Number(values.seed), values.keep);
// Not from a promise's turn: a schedule takes its promises' turns itself.
else setImmediate(show, Number(values.seed));
