import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createIdempotency } from '@twiceproof/core';
import { dynamodbStore } from '@twiceproof/dynamodb';
import { startDynamodb } from '@twiceproof/engines';
import { bookingsApi } from './app.ts';

const dynamodb = await startDynamodb({ own: true });
const client = new DynamoDBClient({
  endpoint: dynamodb.endpoint,
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
const store = dynamodbStore({ client, table: 'idempotency' });
await store.setup?.();
const idempotency = createIdempotency({ environment: 'example', store });

let bookings = 0;
const app = await bookingsApi(idempotency, {
  async book(room, day) {
    bookings += 1;
    console.log(`booked ${room} on ${day}`);
    return `b-${bookings}`;
  },
});
const url = await app.listen({ port: 0, host: '127.0.0.1' });

async function book(what: string, room: string, day: string | undefined, tenant = 'acme') {
  const response = await fetch(`${url}/rooms/${room}/bookings`, {
    method: 'POST',
    body: JSON.stringify({ day }),
    headers: { 'content-type': 'application/json', 'x-tenant': tenant, 'idempotency-key': '"1"' },
  });
  const replayed = response.headers.has('idempotent-replayed') ? ', replayed' : '';
  console.log(`${what}: ${response.status} ${response.headers.get('location')}${replayed}`);
}

await book('without a day', 'blue', undefined);
await book('first request', 'blue', 'monday');
await book('the same again', 'blue', 'monday');
await book('another day', 'blue', 'friday');
await book('another tenant', 'blue', 'monday', 'umbrella');

await app.close();
await idempotency.close();
client.destroy();
await dynamodb.stop();
