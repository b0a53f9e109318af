import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a redelivery is done again where the consumer died, and replayed where it is done', async () => {
  const program = new URL('./main.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  const keys = stdout.match(/key [\w-]{43}\n/g);
  expect(keys).toHaveLength(2);
  expect(keys![0]).toBe(keys![1]);
  // On a busy machine, the lease of the dead process is over before the next one asks.
  const said = stdout.replaceAll(keys![0]!, 'key …\n').replace('retry: in_progress\n', '');
  expect(said).toBe(`first process
charge pay-1, with the key …
(ended by SIGKILL)

second process
charge pay-1, with the key …
ack: executed, receipt-of-pay-1

the payment is published once more
ack: replayed, receipt-of-pay-1

a message that nobody can read
reject: failed

dead letters: 1
`);
});
