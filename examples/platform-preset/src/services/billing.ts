import { idempotencyFor } from '#platform';

export interface Payment {
  readonly paymentId: string;
  readonly amount: number;
}

/** Auditors ask for longer than the platform keeps records. */
const idempotency = idempotencyFor({ retention: '90d' });

export const charge = idempotency.wrap(
  async ({ paymentId, amount }: Payment) => {
    console.log(`billing: charged ${amount} for ${paymentId}`);
    return { receipt: `receipt-${paymentId}` };
  },
  {
    operation: 'billing.charge',
    key: ({ paymentId }) => paymentId,
    // The same payment with another amount is a mistake, not a repetition.
    fingerprint: ({ amount }) => amount,
  },
);
