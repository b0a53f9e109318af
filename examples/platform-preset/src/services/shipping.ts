import { idempotencyFor } from '#platform';

const idempotency = idempotencyFor();

export const ship = idempotency.wrap(
  async (tenant: string, orderId: string) => {
    console.log(`shipping: sent ${orderId} for ${tenant}`);
    return `parcel-${tenant}-${orderId}`;
  },
  {
    operation: 'shipping.ship',
    key: (_tenant, orderId) => orderId,
    // Two tenants may have an order of the same number.
    scope: (tenant) => tenant,
  },
);
