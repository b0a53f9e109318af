import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { bodyOf } from './request-body.ts';

/** What a server that only looks at a request later has of it by then. */
async function hungUp(sent: string): Promise<IncomingMessage> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.write(
    `POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 6\r\n\r\n${sent}`,
  );
  const [req] = (await once(server, 'request')) as [IncomingMessage];
  const closed = once(req, 'close').catch(() => {});
  client.destroy();
  await closed;
  server.close();
  return req;
}

test.each([
  ['had sent a part of it', 'abc'],
  ['had sent nothing of it', ''],
  ['had sent all of it', 'abcdef'],
])(
  'a body is refused that is asked for after its client, which %s, has hung up',
  async (_how, sent) => {
    const req = await hungUp(sent);
    await expect(bodyOf(req, {}, 1_000)).rejects.toMatchObject({ problem: 'body-invalid' });
  },
);
