/** One line of the input, as the queue holds it. */
export interface Delivery {
  /** Number of the line it came from. */
  readonly line: number;
  readonly text: string;
  /** What the order is called in messages. */
  readonly order: string;
}

/** A delivery that failed too often, with its last error. */
export interface DeadLetter extends Delivery {
  readonly error: string;
}

interface Queued {
  readonly delivery: Delivery;
  failures: number;
  conflicts: number;
}

/** A queue with at-least-once delivery, in the manner of SQS. Times are monotonic milliseconds. */
export interface Queue {
  /** Takes the next visible delivery. */
  receive(now: number): Delivery | undefined;
  /** When the next hidden delivery becomes visible. */
  nextVisibleAt(): number | undefined;
  /** The delivery is done with. */
  remove(line: number): void;
  /** Another worker has the order: hides the delivery a little longer each time, `retryAfterMs` at most. */
  conflicted(line: number, now: number, retryAfterMs: number): void;
  /** The attempt failed, or its worker died. Answers the dead letter if that was once too often. */
  failed(line: number, now: number, error: string): DeadLetter | undefined;
  /** How many deliveries are neither removed nor dead. */
  readonly left: number;
}

/** After this many failed receives a delivery is a dead letter. */
export const maxReceives = 3;

const redeliveryMs = 100;
const firstConflictMs = 50;

export function queueOf(deliveries: readonly Delivery[]): Queue {
  const visible: Queued[] = deliveries.map((delivery) => ({ delivery, failures: 0, conflicts: 0 }));
  const hidden: { readonly until: number; readonly queued: Queued }[] = [];
  const received = new Map<number, Queued>();
  let head = 0;

  const take = (line: number): Queued => {
    const queued = received.get(line)!;
    received.delete(line);
    return queued;
  };
  const hide = (queued: Queued, until: number): void => {
    hidden.push({ until, queued });
    hidden.sort((a, b) => a.until - b.until);
  };

  return {
    receive(now) {
      // What comes back goes first: its order is the one that waits longest.
      const queued = hidden[0] && hidden[0].until <= now ? hidden.shift()!.queued : visible[head++];
      if (!queued) return undefined;
      received.set(queued.delivery.line, queued);
      return queued.delivery;
    },
    nextVisibleAt: () => hidden[0]?.until,
    remove: (line) => void take(line),
    conflicted(line, now, retryAfterMs) {
      const queued = take(line);
      const patience = firstConflictMs * 2 ** queued.conflicts;
      queued.conflicts += 1;
      hide(queued, now + Math.min(patience, retryAfterMs));
    },
    failed(line, now, error) {
      const queued = take(line);
      queued.failures += 1;
      if (queued.failures >= maxReceives) return { ...queued.delivery, error };
      hide(queued, now + redeliveryMs);
      return undefined;
    },
    get left() {
      return Math.max(0, visible.length - head) + hidden.length + received.size;
    },
  };
}
