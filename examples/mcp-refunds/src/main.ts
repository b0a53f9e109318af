import { refundUntilAnswered } from './agent.ts';
import { serve } from './server.ts';

const bank = Promise.withResolvers<void>();

const server = await serve(async (orderId, amount) => {
  // The bank has the order, and takes its time to say so.
  console.log(`bank: ${amount} EUR for ${orderId}`);
  await bank.promise;
  return `Refunded ${amount} EUR.`;
});
try {
  const impatient = await refundUntilAnswered(server.url, ['It is broken.', 'Item was damaged.']);
  bank.resolve();
  const patient = await refundUntilAnswered(server.url, ['Goods arrived damaged.']);
  for (const words of [...impatient, ...patient]) console.log(`agent: ${words}`);
} finally {
  await server.close();
}
