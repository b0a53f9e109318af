import { inputOf } from './demo-process.ts';

/** A small input: every order twice, in the shape of an EventBridge event. */
export function ordersInput(orders: number): Promise<string> {
  const events = Array.from({ length: 2 * orders }, (_, index) => ({
    id: `event-${index}`,
    'detail-type': 'OrderPlaced',
    detail: { orderId: `A-${(index * 7) % orders}` },
  }));
  return inputOf(events);
}
