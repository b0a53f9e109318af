import { Injectable } from '@nestjs/common';
import { Idempotent } from '@twiceproof/nestjs';

export interface Refund {
  readonly payment: string;
  readonly amount: number;
}

/** Refunds a payment once, whoever asks: a route, a queue, an operator. */
@Injectable()
export class Billing {
  #refunds = 0;

  @Idempotent({ operation: 'refund', key: ({ payment }: Refund) => payment })
  async refund({ payment, amount }: Refund): Promise<{ refund: string }> {
    this.#refunds += 1;
    console.log(`refunded ${amount} of ${payment}`);
    return { refund: `r-${this.#refunds}` };
  }
}
