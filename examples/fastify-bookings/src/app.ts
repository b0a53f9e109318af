import type { Idempotency } from '@twiceproof/core';
import { idempotencyKey } from '@twiceproof/http/fastify';
import fastify, { type FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    tenant: string | undefined;
  }
}

/** What knows which rooms are free. */
export interface Rooms {
  book(room: string, day: string): Promise<string>;
}

/** `POST /rooms/:room/bookings`, safe to be sent again; other routes are left alone. */
export async function bookingsApi(
  idempotency: Idempotency,
  rooms: Rooms,
): Promise<FastifyInstance> {
  const app = fastify();
  await app.register(idempotencyKey, { idempotency, scope: (request) => request.tenant });
  app.addHook('onRequest', async (request) => {
    request.tenant = request.headers['x-tenant']?.toString();
  });
  app.post<{ Params: { room: string }; Body: { day: string } }>(
    '/rooms/:room/bookings',
    {
      config: { idempotency: { operation: 'book-room', retention: '7d' } },
      schema: { body: { type: 'object', required: ['day'] } },
    },
    async (request, reply) => {
      const booking = await rooms.book(request.params.room, request.body.day);
      return reply.code(201).header('location', `/bookings/${booking}`).send({ booking });
    },
  );
  app.get('/health', async () => 'up');
  return app;
}
