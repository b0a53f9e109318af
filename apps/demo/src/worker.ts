import { type Consumer, startConsumer } from './consumer.ts';
import type { FromWorker, ToWorker } from './messages.ts';

let consumer: Consumer | undefined;
/** Until the parent has been told what was last said. */
let told: Promise<void> = Promise.resolve();

// Ctrl-C reaches the whole process group; when to stop is for the parent to say.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
// Without the parent there is no database: what is in hand ends here, as in any crash.
process.on('disconnect', () => process.exit(1));

process.on('message', async (message: ToWorker) => {
  switch (message.kind) {
    case 'start':
      consumer = await startConsumer(message.options, send);
      send({ kind: 'ready' });
      break;
    case 'deliver':
      await consumer?.take(message);
      break;
    case 'stop':
      await consumer?.close();
      await told;
      process.exit(0);
  }
});

function send(message: FromWorker): void {
  const { promise, resolve } = Promise.withResolvers<void>();
  told = promise;
  if (process.send) process.send(message, () => resolve());
  else resolve();
}
