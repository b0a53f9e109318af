import type { IncomingMessage } from 'node:http';
import { Module } from '@nestjs/common';
import { memoryStore } from '@twiceproof/memory';
import { TwiceproofModule } from '@twiceproof/nestjs';
import { Billing } from './billing.ts';
import { RefundsController } from './refunds-controller.ts';

@Module({
  imports: [
    TwiceproofModule.forRootAsync({
      useFactory: () => ({
        environment: 'example',
        store: memoryStore(),
        http: { scope: ({ headers }: IncomingMessage) => headers['x-account']?.toString() },
      }),
    }),
  ],
  controllers: [RefundsController],
  providers: [Billing],
})
export class AppModule {}
