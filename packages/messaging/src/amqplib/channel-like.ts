/** What is used of a channel of amqplib. */
export interface ChannelLike {
  ack(message: never): void;
  nack(message: never, allUpTo?: boolean, requeue?: boolean): void;
  once?(event: 'close', listener: () => void): unknown;
}
