import { currentExecution, type Step } from '@twiceproof/core';
import type { Chance } from '../chance.ts';
import { check } from '../checkers/check.ts';
import { type Effect, labelOf, type Order, textOf } from './ledger.ts';
import type { Process } from './process.ts';
import { type Value, valueWith } from './value.ts';
import type { World } from './world.ts';

const longestWorkMs = 700;
const shortWorkMs = 60;

/** What one process does when it executes, and what the world outside sees of it. */
export interface Work {
  plain(order: Order): Promise<Value>;
  workflow(order: Order, step: Step): Promise<Value>;
}

/** Knows nothing of the outcome, as an HTTP client does whose request was not answered. */
function timedOut(): Error {
  return Object.assign(new Error('the work was not answered'), { code: 'ETIMEDOUT' });
}

export function workOf(world: World, process: Process, chance: Chance): Work {
  const { time } = world;
  const { failure, faultRate } = world.plan.setting;
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => process.clock.schedule(ms, resolve));

  const begin = (order: Order, step: string): { started: Effect; signal: AbortSignal } => {
    const label = labelOf(order.key) + step;
    const { id, fence, signal } = executionOr(outside);
    const text = textOf(labelOf(order.key), order.amount, step, fence);
    const grant = world.grantsByFence.get(fence);
    const started: Effect = {
      ...{ id, fence, process, grant, text, startedAt: time.now() },
      ...{ endedAt: undefined, ending: undefined, happened: false },
      // Its record was deleted before it could start.
      isCleared: grant?.isOver === true,
    };
    check(world, 'effectStarts', started, label, signal.aborted);
    world.note?.(`process ${process.index}: ${text} of ${id} starts`);
    world.effects.push(started);
    world.labels.set(id, label);
    if (grant) grant.starts++;
    // A careless function: what it was given is not what it leaves.
    order.key = 'changed';
    order.amount = 99;
    return { started, signal };
  };

  const end = (effect: Effect, ending: Effect['ending']): void => {
    effect.ending = ending;
    effect.endedAt = time.now();
    world.note?.(`process ${process.index}: ${effect.text} ends: ${ending}`);
  };

  const effect = async (order: Order, step: string): Promise<Value> => {
    const { started, signal } = begin(order, step);
    const longestMs = chance.happens(0.6) ? shortWorkMs : longestWorkMs;
    const ms = world.isCalm ? 0 : chance.below(longestMs);
    for (const part of world.isCalm ? [] : [0.4, 0.6]) {
      await sleep(ms * part);
      check(world, 'effectGoesOn', started, signal.aborted);
    }
    started.happened = world.isCalm || chance.happens(0.75);
    if (failure === 'ambiguous' && !world.isCalm && chance.happens(0.2)) {
      end(started, 'unknown');
      throw timedOut();
    }
    if (!started.happened) {
      const isRecorded = failure === 'record';
      end(started, isRecorded ? 'value' : 'error');
      throw new RangeError(isRecorded ? started.text : 'the work failed');
    }
    end(started, 'value');
    if (faultRate > 0 && !world.isCalm && chance.happens(0.07)) process.isDead = true;
    return valueWith(started.text);
  };

  return {
    plain: (order) => effect(order, ''),
    async workflow(order, step) {
      const { key, amount } = order;
      const { started } = begin(order, '');
      try {
        // Each step is given an order of its own: the effect spoils it.
        const first = await step('first', () => effect({ key, amount }, ' first'));
        const second = await step('second', () => effect({ key, amount }, ' second'));
        started.happened = true;
        end(started, 'value');
        return { ...valueWith(started.text), tags: [first.text, second.text] };
      } catch (error) {
        // What a step does not know is known of the workflow: it is to be called again.
        end(started, failure === 'record' && error instanceof RangeError ? 'value' : 'error');
        throw error;
      }
    },
  };
}

interface Execution {
  readonly id: string;
  readonly fence: number;
  readonly signal: AbortSignal;
}

const outside: Execution = { id: '', fence: 0, signal: new AbortController().signal };

function executionOr(otherwise: Execution): Execution {
  try {
    const { id, fence, signal } = currentExecution();
    return { id: id ?? '', fence: fence ?? 0, signal };
  } catch {
    return otherwise;
  }
}
