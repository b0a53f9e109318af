import { type Consumer, startConsumer } from './consumer.ts';
import type { FromWorker, ToWorker } from './messages.ts';

let consumer: Consumer | undefined;

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
      process.exit(0);
  }
});

function send(message: FromWorker): void {
  process.send?.(message);
}
