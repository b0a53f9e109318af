// Loaded before a program: starts an SDK, and sends what is left at the end.
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({ serviceName: 'program' });
sdk.start();
let isOver = false;
process.on('beforeExit', async () => {
  if (isOver) return;
  isOver = true;
  await sdk.shutdown();
});
