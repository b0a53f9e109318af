import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app-module.ts';

const app = await NestFactory.create(AppModule, { logger: false });
app.enableShutdownHooks();
await app.listen(0, '127.0.0.1');

async function refund(what: string, key: string, amount: number): Promise<void> {
  const response = await fetch(`${await app.getUrl()}/refunds`, {
    method: 'POST',
    body: JSON.stringify({ payment: 'p-1', amount }),
    headers: { 'content-type': 'application/json', 'x-account': 'ada', 'idempotency-key': key },
  });
  const replayed = response.headers.has('idempotent-replayed') ? ', replayed' : '';
  const answer = response.ok ? ` ${await response.text()}` : '';
  console.log(`${what}: ${response.status}${answer}${replayed}`);
}

await refund('first request', '1', 10);
await refund('the same again', '1', 10);
await refund('another amount', '1', 20);
await refund('the same payment under another key', '2', 10);

await app.close();
