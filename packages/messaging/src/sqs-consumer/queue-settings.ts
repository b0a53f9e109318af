import type { SQSClient } from '@aws-sdk/client-sqs';
import { invalid } from '../consumer-options.ts';

/** The queue of a consumer: `{ sqs, queueUrl }`, or more of the options that `Consumer.create` is given. */
export interface QueueSettings {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
  /** Seconds; what the consumer is given, where that is not the queue's own. */
  readonly visibilityTimeout?: number | undefined;
  /** Refused where it is true: every message would be deleted, whatever became of it. */
  readonly alwaysAcknowledge?: boolean | undefined;
  /** Refused: a message that is to come again after a while would come at once. */
  readonly terminateVisibilityTimeout?: unknown;
  /** Refused: it would keep the messages of handlers that are stuck, for ever. */
  readonly heartbeatInterval?: number | undefined;
  /** Refused where it is false: messages whose work is done would come again and again. */
  readonly shouldDeleteMessages?: boolean | undefined;
}

/** Refuses what is no queue, and options under which a verdict would be lost. */
export function checkQueueSettings(settings: QueueSettings): void {
  if (typeof settings !== 'object' || settings === null) {
    throw invalid('the queue', settings, '{ sqs, queueUrl }');
  }
  const { sqs, queueUrl, visibilityTimeout } = settings;
  if (typeof sqs?.send !== 'function') throw invalid('sqs', sqs, 'an SQSClient');
  if (typeof queueUrl !== 'string' || queueUrl === '') {
    throw invalid('queueUrl', queueUrl, 'the URL of the queue');
  }
  if (visibilityTimeout !== undefined && !(visibilityTimeout >= 0)) {
    throw invalid('visibilityTimeout', visibilityTimeout, 'seconds');
  }
  const { alwaysAcknowledge, heartbeatInterval, shouldDeleteMessages, terminateVisibilityTimeout } =
    settings;
  if (alwaysAcknowledge === true) {
    throw invalid('alwaysAcknowledge', true, 'false, or failed messages are deleted');
  }
  if (heartbeatInterval !== undefined) {
    throw invalid(
      'heartbeatInterval',
      heartbeatInterval,
      'none: messages are kept while their handler holds its lease, and no longer',
    );
  }
  if (terminateVisibilityTimeout === true || terminateVisibilityTimeout === 0) {
    throw invalid(
      'terminateVisibilityTimeout',
      terminateVisibilityTimeout,
      'seconds, or leave it out: failed messages would come again at once, and use up their receives',
    );
  }
  if (shouldDeleteMessages === false) {
    throw invalid('shouldDeleteMessages', false, 'true, or messages that are done come for ever');
  }
}
