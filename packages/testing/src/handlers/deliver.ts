import { within } from '@twiceproof/core/toolkit';
import { type DeliveryOptions, timeoutMs, worldOf } from './delivery-options.ts';
import { judge } from './judge.ts';
import { type DeliveryEnd, type SafetyReport, UnsafeHandlerError } from './safety-report.ts';
import {
  type Crash,
  type Started,
  type StartHandler,
  startProcess,
  type World,
} from './test-process.ts';

/** Starts processes and delivers to them. */
export interface Scene<Message> {
  readonly world: World;
  start(number: number, crash?: Crash): Promise<Started<Message>>;
  /** Delivers a copy of the message to a process that was started, and waits until that has ended. */
  deliver(number: number, process: Started<Message>): Promise<DeliveryEnd>;
}

/** Plays a scene, ends its processes, and judges what is in the ledger. */
export async function play<Message>(
  start: StartHandler<Message>,
  message: Message,
  options: DeliveryOptions,
  scene: (stage: Scene<Message>) => Promise<readonly DeliveryEnd[]>,
): Promise<SafetyReport> {
  const world = worldOf(options);
  const processes: Started<Message>[] = [];
  try {
    const deliveries = await scene({
      world,
      async start(number, crash) {
        const process = await startProcess(world, number, start, crash);
        processes.push(process);
        return process;
      },
      deliver: (number, process) => delivered(number, process, copyOf(message), timeoutMs(options)),
    });
    const report = judge(world.ledger, deliveries);
    if (!report.isSafe && options.unsafe !== 'report') throw new UnsafeHandlerError(report);
    return report;
  } finally {
    for (const process of processes) await process.end();
  }
}

async function delivered<Message>(
  number: number,
  process: Started<Message>,
  message: Message,
  ms: number,
): Promise<DeliveryEnd> {
  const advice =
    'await what the handler does, or raise timeout; after a crash, build it with the idempotency of its process';
  const end = Promise.race([
    process.died.then((crash): DeliveryEnd => ({ number, end: 'crashed', crash })),
    process.deliver(message).then(
      (value): DeliveryEnd => ({ number, end: 'handled', value }),
      (error): DeliveryEnd => ({ number, end: 'refused', error }),
    ),
  ]);
  return within(end, ms, () => {
    throw new Error(`delivery ${number} did not end within ${ms} ms: ${advice}`);
  });
}

/** As a broker delivers it: what a handler does to one copy is not seen in the next. */
function copyOf<Message>(message: Message): Message {
  try {
    return structuredClone(message);
  } catch {
    return message;
  }
}
