import { currentExecution, type Idempotency } from '@twiceproof/core';
import { processor } from '@twiceproof/messaging/bullmq';
import { type Job, Worker } from 'bullmq';

export interface Payment {
  readonly paymentId: string;
  readonly euros: number;
}

let gatewayIsDown = true;

/** Charges a payment; the first try meets a gateway that is down. */
async function charge({ paymentId, euros }: Payment, key: string): Promise<string> {
  if (gatewayIsDown) {
    gatewayIsDown = false;
    throw new Error('the gateway is down');
  }
  console.log(`  charged ${paymentId} ${euros} EUR, with a key of ${key.length} characters`);
  return `receipt-of-${paymentId}`;
}

/** A worker that knows a payment again, whatever job it comes with. */
export function chargeWorker(
  idempotency: Idempotency,
  connection: { host: string; port: number },
): Worker<Payment, string> {
  return new Worker(
    'charges',
    processor(
      idempotency,
      // The job's own id would make every job another payment.
      { operation: 'charge', key: (job) => job.data.paymentId },
      async (job: Job<Payment>) => charge(job.data, currentExecution().downstreamKey),
    ),
    { connection },
  );
}
