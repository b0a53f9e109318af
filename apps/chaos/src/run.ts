import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as elapsed } from 'node:timers/promises';
import { deliver, deliverAgain } from './deliver.ts';
import type { Subject, Target } from './engines/target.ts';
import type { Phase, Scene } from './faults/phase.ts';
import { phases } from './faults/phases.ts';
import { startFleet } from './fleet.ts';
import { check, type Verdict } from './history/check.ts';
import type { Effect, Fault } from './history/event.ts';
import { now } from './now.ts';
import { openProvider, type Provider } from './provider.ts';
import { seeded } from './random.ts';
import { clockOffsets, leaseMs } from './timing.ts';

export interface RunOptions {
  readonly keys: number;
  readonly seed: number;
  /** The faults to choose from: all of them unless given. */
  readonly only?: readonly Phase[];
  /** Told of each fault as it is over. */
  readonly onPhase?: (result: PhaseResult) => void;
}

/** What one kind of fault did to its share of the keys. */
export interface PhaseResult extends Verdict {
  readonly phase: string;
  readonly keys: number;
  readonly calls: number;
  readonly effects: number;
  readonly ms: number;
}

/** Puts an engine to every fault that fits it. */
export async function run(subject: Subject, options: RunOptions): Promise<PhaseResult[]> {
  const target = await subject.start();
  const folder = await mkdtemp(join(tmpdir(), 'twiceproof-chaos-'));
  const provider = openProvider(join(folder, 'ledger'));
  const faults: Fault[] = [];
  const { connection } = target;
  const fleet = await startFleet({
    start: { connection, mode: subject.mode, leaseMs },
    provider,
    faults,
    isLocked: target.isLocked,
    clockOffsets: target.haveOneClock ? clockOffsets.map(() => 0) : clockOffsets,
  });
  try {
    const fitting = (options.only ?? phases).filter((phase) => phase.fits(target));
    const share = Math.ceil(options.keys / fitting.length);
    const results: PhaseResult[] = [];
    for (const phase of fitting) {
      const random = seeded(options.seed + phases.indexOf(phase));
      const keyOf = (index: number) => `${phase.name}/${index}`;
      const scene: Scene = { target, fleet, faults, random, keyOf };
      const begun = now();
      await strikeDuringWork(phase, share, scene);
      const result = judge(phase, {
        subject,
        scene,
        begun,
        effects: await happened(target, provider),
      });
      options.onPhase?.(result);
      results.push(result);
    }
    return results;
  } finally {
    await fleet.stop();
    provider.close();
    await target.stop();
    await rm(folder, { recursive: true });
  }
}

const msBetweenExtraKeys = 500;

/** Work goes on for as long as the fault does. */
async function strikeDuringWork(phase: Phase, share: number, scene: Scene): Promise<void> {
  const { fleet, random, keyOf } = scene;
  let count = 0;
  let isStruck = phase.strike === undefined;
  const next = async () => {
    if (count >= share && isStruck) return undefined;
    // What comes on top only keeps the work going until the fault is over.
    if (count >= share) await elapsed(msBetweenExtraKeys);
    const key = keyOf(count);
    const mishap = phase.mishap?.(count);
    count += 1;
    return { key, mishap };
  };
  const strike = async () => {
    await phase.strike?.(scene);
    isStruck = true;
  };
  await Promise.all([deliver({ next, fleet, random }), strike()]);
  await deliverAgain(
    Array.from({ length: count }, (_, index) => keyOf(index)),
    fleet,
  );
}

async function happened(target: Target, provider: Provider): Promise<readonly Effect[]> {
  return target.ledger ? await target.ledger() : provider.effects;
}

interface Outcome {
  readonly subject: Subject;
  readonly scene: Scene;
  readonly begun: number;
  readonly effects: readonly Effect[];
}

function judge(phase: Phase, { subject, scene, begun, effects }: Outcome): PhaseResult {
  const isOfPhase = ({ key }: { key: string }) => key.startsWith(`${phase.name}/`);
  const history = {
    effects: effects.filter(isOfPhase),
    calls: scene.fleet.calls.filter(isOfPhase),
    faults: scene.faults.filter(({ to }) => to >= begun),
  };
  const isRepeatForbidden = subject.mode !== 'reexecute';
  const verdict = check({ ...history, leaseMs, isRepeatForbidden });
  return {
    phase: phase.name,
    keys: new Set(history.calls.map(({ key }) => key)).size,
    calls: history.calls.length,
    effects: history.effects.length,
    ms: now() - begun,
    ...verdict,
  };
}
