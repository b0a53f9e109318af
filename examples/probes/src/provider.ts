import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Charge {
  readonly id: string;
  readonly amount: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A payment provider that may take the money and never answer. */
export interface Provider {
  readonly url: string;
  readonly charges: readonly Charge[];
  /** What becomes of the next request to charge. */
  next: 'answered' | 'taken, never answered' | 'lost before it was taken';
  close(): Promise<void>;
}

const pageSize = 2;

export async function openProvider(): Promise<Provider> {
  const charges: Charge[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://provider');
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.method === 'GET' && pathname === '/charges') {
      const from = charges.findIndex(({ id }) => id === searchParams.get('after')) + 1;
      const data = charges.slice(from, from + pageSize);
      answer(200, { data, has_more: from + pageSize < charges.length });
      return;
    }
    if (request.method === 'GET') {
      const found = charges.find(({ id }) => pathname === `/charges/${id}`);
      answer(found ? 200 : 404, found ?? { error: 'no such charge' });
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const outcome = provider.next;
    provider.next = 'answered';
    if (outcome === 'lost before it was taken') return;
    const charge = JSON.parse(Buffer.concat(chunks).toString()) as Charge;
    charges.push(charge);
    if (outcome === 'answered') answer(201, charge);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: Provider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    charges,
    next: 'answered',
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}

/** Asks for a charge, and gives up soon where no answer is to come. */
export async function requestCharge(provider: Provider, charge: Charge): Promise<Charge> {
  const patienceMs = provider.next === 'answered' ? 30_000 : 500;
  const response = await fetch(`${provider.url}/charges`, {
    method: 'POST',
    body: JSON.stringify(charge),
    signal: AbortSignal.timeout(patienceMs),
  });
  return (await response.json()) as Charge;
}

/** A page of charges, as `searchByKey` looks through them. */
export async function listCharges(
  provider: Provider,
  after: string | undefined,
): Promise<{ readonly data: readonly Charge[]; readonly has_more: boolean }> {
  const response = await fetch(`${provider.url}/charges${after ? `?after=${after}` : ''}`);
  return (await response.json()) as { data: Charge[]; has_more: boolean };
}
