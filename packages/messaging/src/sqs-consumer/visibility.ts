import { ChangeMessageVisibilityCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Tick } from '../heartbeat.ts';
import type { QueueSettings } from './queue-settings.ts';

// What a queue has unless told otherwise.
const usualSeconds = 30;

interface Received {
  readonly ReceiptHandle?: string | undefined;
}

const mostMsBetweenBeats = 1_750;

/** Changes for how long a message of this queue is hidden from other consumers. */
export class Visibility {
  readonly #queue: QueueSettings;
  #ownSeconds: Promise<number> | undefined;

  constructor(queue: QueueSettings) {
    this.#queue = queue;
  }

  async change(message: Received, seconds: number, abortSignal?: AbortSignal): Promise<void> {
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: this.#queue.queueUrl,
      ReceiptHandle: message.ReceiptHandle,
      VisibilityTimeout: seconds,
    });
    await this.#queue.sqs.send(command, abortSignal && { abortSignal });
  }

  /** Hides a message anew, for as long as the queue does, whenever a third of that is over. */
  kept(message: Received): Tick {
    let last = performance.now();
    return async (signal) => {
      const seconds = await this.#seconds();
      const pause = Math.min(mostMsBetweenBeats, (seconds * 1_000) / 3);
      if (signal.aborted || seconds === 0 || performance.now() - last < pause) return;
      last = performance.now();
      await this.change(message, seconds, signal);
    };
  }

  /** The queue's own visibility timeout, which is asked for once. */
  #seconds(): Promise<number> {
    this.#ownSeconds ??= this.#ask().catch(() => usualSeconds);
    return this.#ownSeconds;
  }

  async #ask(): Promise<number> {
    const { queueUrl, sqs, visibilityTimeout } = this.#queue;
    if (visibilityTimeout !== undefined) return visibilityTimeout;
    const command = new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['VisibilityTimeout'],
    });
    const { Attributes } = await sqs.send(command);
    const seconds = Number(Attributes?.VisibilityTimeout);
    return Number.isFinite(seconds) ? seconds : usualSeconds;
  }
}
