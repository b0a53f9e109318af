import { createServer as createHttpServer, get as httpGet } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unknownIfAmbiguous } from './unknown-if-ambiguous.ts';

/** Takes a request and never answers it, or cuts the connection. */
function rude(onData: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => onData(socket));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function errorOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('it should have failed');
}

describe('errors of real connections', () => {
  let silent: Server;
  let resetting: Server;
  let halfAnswering: Server;
  beforeAll(async () => {
    silent = await rude(() => {});
    resetting = await rude((socket) => socket.resetAndDestroy());
    halfAnswering = await rude((socket) =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
    );
  });
  afterAll(() => {
    for (const server of [silent, resetting, halfAnswering]) server.close();
  });

  const over = (port: number, path = '/') => `http://127.0.0.1:${port}${path}`;

  it('are unknown where fetch gave up, was reset or got half an answer after it had sent', async () => {
    const given = await errorOf(() =>
      fetch(over(portOf(silent)), { signal: AbortSignal.timeout(50) }),
    );
    expect(unknownIfAmbiguous(given)).toBe('unknown');
    const controller = new AbortController();
    const aborted = errorOf(() => fetch(over(portOf(silent)), { signal: controller.signal }));
    silent.once('connection', () => controller.abort());
    expect(unknownIfAmbiguous(await aborted)).toBe('unknown');
    expect(unknownIfAmbiguous(await errorOf(() => fetch(over(portOf(resetting)))))).toBe('unknown');
    const half = await errorOf(async () => (await fetch(over(portOf(halfAnswering)))).text());
    expect(unknownIfAmbiguous(half)).toBe('unknown');
  });

  it('are unknown where a socket hung up after node:http had sent', async () => {
    const error = await errorOf(
      () =>
        new Promise((resolve, reject) => {
          httpGet(over(portOf(resetting)), resolve).on('error', reject);
        }),
    );
    expect(unknownIfAmbiguous(error)).toBe('unknown');
  });

  it('are clean where nobody listens, or no such host is found', async () => {
    const free = createHttpServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const port = portOf(free);
    await new Promise((resolve) => free.close(resolve));
    for (const url of [over(port), `http://localhost:${port}/`, 'http://nobody.invalid/']) {
      expect(unknownIfAmbiguous(await errorOf(() => fetch(url))), url).toBe('release');
      const raw = await errorOf(
        () => new Promise((resolve, reject) => httpGet(url, resolve).on('error', reject)),
      );
      expect(unknownIfAmbiguous(raw), url).toBe('release');
    }
  });
});

const plain = (message: string, more: object = {}): Error =>
  Object.assign(new Error(message), more);

describe('errors of drivers', () => {
  class SocketTimeoutError extends Error {}
  class ConnectionTimeoutError extends Error {
    constructor() {
      super('Connection timeout');
    }
  }
  class SocketClosedUnexpectedlyError extends Error {}

  it.each<[string, unknown]>([
    ['undici headers', plain('Headers Timeout Error', { code: 'UND_ERR_HEADERS_TIMEOUT' })],
    ['undici body', plain('Body Timeout Error', { code: 'UND_ERR_BODY_TIMEOUT' })],
    ['undici socket', plain('other side closed', { code: 'UND_ERR_SOCKET' })],
    ['AWS request', plain('a request has exceeded', { name: 'TimeoutError', code: 'ETIMEDOUT' })],
    ['AWS socket', plain('the request socket timed out after 5 ms', { name: 'TimeoutError' })],
    ['AWS service', plain('Timeout', { name: 'RequestTimeout' })],
    ['a gateway through the AWS SDK', plain('504', { $metadata: { httpStatusCode: 504 } })],
    ['a gateway through axios', plain('504', { response: { status: 504 } })],
    ['axios', plain('timeout of 5ms exceeded', { name: 'AxiosError', code: 'ECONNABORTED' })],
    ['pg connection', plain('Connection terminated unexpectedly')],
    ['pg query', plain('Query read timeout')],
    ['Postgres shutting down', plain('terminating connection', { code: '57P01' })],
    ['Postgres, unknown resolution', plain('unknown', { code: '08007' })],
    ['ioredis command', plain('Command timed out')],
    ['ioredis connection', plain('Connection is closed.')],
    ['ioredis retries', plain('Reached the max retries', { name: 'MaxRetriesPerRequestError' })],
    ['node-redis timeout', new SocketTimeoutError('Socket timeout')],
    ['node-redis connection', new SocketClosedUnexpectedlyError('Socket closed unexpectedly')],
    ['mysql2', plain('Connection lost', { code: 'PROTOCOL_CONNECTION_LOST' })],
    ['http2', plain('closed', { code: 'ERR_HTTP2_STREAM_ERROR' })],
    ['a pipe', plain('write EPIPE', { code: 'EPIPE', syscall: 'write' })],
    ['an SDK that keeps it in detail', plain('no', { detail: plain('x', { code: 'ECONNRESET' }) })],
    ['one of several', new AggregateError([plain('no'), plain('x', { code: 'ECONNRESET' })])],
  ])('are unknown: %s', (_name, error) => {
    expect(unknownIfAmbiguous(error)).toBe('unknown');
    expect(unknownIfAmbiguous(new Error('charge failed', { cause: error }))).toBe('unknown');
  });

  it.each<[string, unknown]>([
    ['an error of your own', new Error('card refused')],
    ['connect refused', plain('connect', { code: 'ECONNREFUSED', syscall: 'connect' })],
    ['connect timeout', plain('connect ETIMEDOUT', { code: 'ETIMEDOUT', syscall: 'connect' })],
    [
      'undici connect',
      plain('Connect', { name: 'ConnectTimeoutError', code: 'UND_ERR_CONNECT_TIMEOUT' }),
    ],
    ['no such name', plain('getaddrinfo', { code: 'EAI_AGAIN', syscall: 'getaddrinfo' })],
    [
      'AWS connect',
      plain(
        'the request socket did not establish a connection with the server within the configured timeout of 5 ms.',
        { name: 'TimeoutError' },
      ),
    ],
    [
      'several addresses',
      Object.assign(new AggregateError([plain('a', { code: 'ETIMEDOUT', syscall: 'connect' })]), {
        code: 'ETIMEDOUT',
      }),
    ],
    [
      'TLS',
      plain('Client network socket disconnected before secure TLS connection was established', {
        code: 'ECONNRESET',
      }),
    ],
    ['pg pool', plain('timeout exceeded when trying to connect')],
    ['pg connect', plain('Connection terminated due to connection timeout')],
    ['a cancelled statement', plain('canceling statement', { code: '57014' })],
    ['a constraint', plain('duplicate key', { code: '23505' })],
    ['node-redis connect', new ConnectionTimeoutError()],
    ['ioredis offline', plain("Stream isn't writeable and enableOfflineQueue options is false")],
    ['an answer', plain('conflict', { status: 409 })],
    ['a broken server', plain('internal', { $metadata: { httpStatusCode: 500 } })],
    ['no error', undefined],
    ['text', 'ECONNRESET'],
  ])('are clean: %s', (_name, error) => {
    expect(unknownIfAmbiguous(error)).toBe('release');
  });

  it('that cannot be looked at are clean, and those that go round end', () => {
    const hostile = {
      get code() {
        throw new Error('no');
      },
    };
    expect(unknownIfAmbiguous(hostile)).toBe('release');
    const round = new Error('round');
    round.cause = round;
    expect(unknownIfAmbiguous(round)).toBe('release');
  });
});
