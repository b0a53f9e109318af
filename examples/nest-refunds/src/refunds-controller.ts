import { Body, Controller, Post } from '@nestjs/common';
import { IdempotencyKey } from '@twiceproof/nestjs';
import { Billing, type Refund } from './billing.ts';

@Controller('refunds')
export class RefundsController {
  constructor(private readonly billing: Billing) {}

  @Post()
  @IdempotencyKey({ operation: 'create-refund' })
  create(@Body() refund: Refund): Promise<{ refund: string }> {
    return this.billing.refund(refund);
  }
}
