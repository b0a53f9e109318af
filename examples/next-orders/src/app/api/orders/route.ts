import { idempotencyKey } from '@twiceproof/http';
import { idempotency } from '../../../idempotency.ts';

let orders = 0;

/** `app/api/orders/route.ts` of Next.js: what it exports is called with a Request. */
export const POST = idempotencyKey(
  { idempotency, operation: 'create-order', scope: customerOf },
  async (request) => {
    const { item } = (await request.json()) as { item: string };
    orders += 1;
    return Response.json({ order: orders, item }, { status: 201 });
  },
);

/** The session's customer; here, what the cookie says. */
function customerOf(request: Request): string | undefined {
  return /customer=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1];
}
