// An SQS in memory, as a program: `node sqs-server.js PORT`.
import { buildApp } from 'fauxqs';

const port = Number(process.argv[2]);
const app = buildApp({ logger: false, host: 'localhost' });
// fauxqs itself listens on every interface.
await app.listen({ port, host: '127.0.0.1' });
process.on('SIGTERM', () => process.exit(0));
console.log('SQS is listening');
