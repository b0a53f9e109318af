import type { Idempotency } from '@twiceproof/core';
import { currentExecution } from '@twiceproof/core';
import type { Problem } from '@twiceproof/http';
import { idempotencyKey } from '@twiceproof/http/express';
import express, { type Express, type Request } from 'express';

/** What moves the money. It is given a key of its own, the same in every attempt of one charge. */
export type Gateway = (amount: number, key: string) => Promise<string>;

/** `POST /v1/charges`, safe to be sent again. */
export function chargesApi(idempotency: Idempotency, gateway: Gateway): Express {
  const app = express();
  app.use(express.json());
  app.post(
    '/v1/charges',
    idempotencyKey({
      idempotency,
      operation: 'create-charge',
      scope: accountOf,
      problem: asStripe,
    }),
    async (request, response) => {
      const { amount, currency } = request.body;
      const id = await gateway(amount, currentExecution().downstreamKey);
      response
        .status(201)
        .location(`/v1/charges/${id}`)
        .json({ id, object: 'charge', amount, currency });
    },
  );
  return app;
}

/** The account behind the API key: two accounts with equal idempotency keys never meet. */
function accountOf(request: Request): string | undefined {
  return /^Bearer (sk_\w+)$/.exec(request.get('authorization') ?? '')?.[1];
}

/** Errors as the clients of this API know them. */
function asStripe({ name, detail }: Problem) {
  const type = name === 'payload-mismatch' ? 'idempotency_error' : 'invalid_request_error';
  return { body: { error: { type, code: name.replaceAll('-', '_'), message: detail } } };
}
