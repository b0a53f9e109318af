import { type Random, randomOf } from './random.ts';
import { s3Notification } from './s3-notification.ts';
import { receivedAgain, type SqsMessage, sqsMessage } from './sqs-message.ts';

export const sampleOrders = 60;

const firstPut = Date.UTC(2026, 2, 2, 9, 0, 0);
const betweenOrdersMs = 400;

/**
 * What a queue delivers on a bad day: every order at least once, most of them two to four times, out
 * of order. The same on every call.
 */
export function sampleDeliveries(): SqsMessage[] {
  const random = randomOf(20_260_302);
  const deliveries: { readonly at: number; readonly message: SqsMessage }[] = [];
  for (let index = 0; index < sampleOrders; index += 1) {
    const putAt = firstPut + index * betweenOrdersMs + random.whole(0, betweenOrdersMs);
    const body = JSON.stringify(s3Notification(random, `ORD-${1_001 + index}`, putAt));
    // S3 reaches the queue late at times, which is how orders overtake each other.
    let at = putAt + random.whole(30, 4_000);
    let message = sqsMessage(random, body, at);
    deliveries.push({ at, message });
    for (let extra = deliveriesOf(random); extra > 1; extra -= 1) {
      // At once: two workers hold the order at the same time. Later: the visibility timeout ran out.
      at += random.next() < 0.5 ? random.whole(0, 40) : random.whole(3_000, 20_000);
      // One time in three the bucket itself notified twice: same event, another message.
      message =
        random.next() < 1 / 3 ? sqsMessage(random, body, at) : receivedAgain(random, message);
      deliveries.push({ at, message });
    }
  }
  return deliveries.sort((a, b) => a.at - b.at).map(({ message }) => message);
}

function deliveriesOf(random: Random): number {
  const chance = random.next();
  if (chance < 0.25) return 1;
  if (chance < 0.6) return 2;
  return chance < 0.85 ? 3 : 4;
}
