import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type PostgresEngine, startPostgres } from '@twiceproof/engines';
import { Pool } from 'pg';
import { afterEach, expect, inject, test } from 'vitest';
import { postgresStore } from '../src/index.ts';

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Another process that claims; see `claimant.ts`. */
function startClaimant(url: string, kind: string) {
  const program = fileURLToPath(new URL('claimant.ts', import.meta.url));
  const child = spawn(process.execPath, [program, url, kind], { stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const exited = once(child, 'exit').then(([code]) => ({ code, errors }));
  return {
    /** Resolves when it has made another claim. */
    async claimed() {
      const ended = await Promise.race([once(child.stdout, 'data').then(() => undefined), exited]);
      if (ended) throw new Error(`the process ended with ${ended.code}: ${ended.errors}`);
    },
    end: () => {
      child.stdin.end();
      return exited;
    },
  };
}

async function setUp(engine: PostgresEngine): Promise<void> {
  const pool = new Pool({ connectionString: engine.url });
  await postgresStore({ client: pool }).setup();
  await pool.end();
}

for (const version of [18, 15] as const) {
  test.each(['plain', 'transactional'])(
    `a Postgres ${version} that is stopped and crashes does not end a process with a %s store`,
    async (kind) => {
      const engine = await startPostgres({ version, own: true });
      try {
        await setUp(engine);
        const claimant = startClaimant(engine.url, kind);
        await claimant.claimed();
        await engine.restart();
        await claimant.claimed();
        await engine.kill();
        await engine.restart();
        await claimant.claimed();
        expect(await claimant.end()).toEqual({ code: 0, errors: '' });
      } finally {
        await engine.stop();
      }
    },
  );
}

test('nor does a connection that ends in the moment in which the pool hands it out', async () => {
  // ErrorResponse: FATAL, 57P01.
  const fields = 'SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0';
  const head = Buffer.from([0x45, 0, 0, 0, fields.length + 4]);
  const fatal = Buffer.concat([head, Buffer.from(fields)]);
  const { hostname, port } = new URL(inject('postgres18'));
  let births = 0;
  // To every second connection, the server says in one breath that it is ready and that it is over.
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const isDoomed = births++ % 2 === 1;
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.on('close', () => upstream.destroy()).pipe(upstream);
    upstream.on('data', (answer) => {
      const isReady = answer.at(-6) === 0x5a;
      client.write(isReady && isDoomed ? Buffer.concat([answer, fatal]) : answer);
      if (isReady && isDoomed) client.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(inject('postgres18'));
  url.port = String((server.address() as AddressInfo).port);
  const pool = new Pool({ connectionString: inject('postgres18') });
  await postgresStore({ client: pool }).setup();
  await pool.end();
  for (const kind of ['plain', 'transactional']) {
    const claimant = startClaimant(url.href, kind);
    const before = births;
    while (births < before + 8) await claimant.claimed();
    expect(await claimant.end()).toEqual({ code: 0, errors: '' });
  }
  server.close();
});
