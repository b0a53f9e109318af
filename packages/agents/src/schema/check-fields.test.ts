import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import * as z3 from 'zod/v3';
import { checkFields } from './check-fields.ts';
import type { JsonSchema } from './json-schema.ts';
import { type FieldSchemas, jsonSchemaOf, type StandardSchema } from './standard-schema.ts';
import { zodSchema } from './zod-schema.ts';

function checking(schema: JsonSchema, key: string[], trust: string[] = []) {
  return () => checkFields('refund', { key, trust }, schema);
}
const of = (schema: unknown) => jsonSchemaOf('refund', schema as StandardSchema | FieldSchemas);

const made: [string, z.ZodType][] = [
  ['a UUID', z.uuid()],
  ['an optional UUID', z.guid().optional()],
  ['a nullable UUID with a default', z.uuid().nullable().default(null)],
  ['a ULID', z.ulid()],
  ['a nanoid', z.nanoid()],
  ['a CUID', z.cuid2()],
  ['a date', z.iso.date()],
  ['a time', z.iso.time()],
  ['a date and time', z.iso.datetime()],
  ['a Date', z.date()],
  ['either of two', z.union([z.number(), z.iso.datetime()])],
];

describe('a key of what models make up is refused', () => {
  test.each(made)('%s by its format', (_, field) => {
    const schema = z.object({ orderId: field, amount: z.number() });
    expect(checking(of(schema), ['orderId'])).toThrow(/key lists 'orderId', but models make up/);
    expect(checking(of(schema), ['orderId'], ['orderId'])).not.toThrow();
    expect(checking(of(schema), ['amount'])).not.toThrow();
    expect(checking(of({ orderId: field }), ['orderId'])).toThrow("key lists 'orderId'");
    // As a Zod that cannot tell its JSON Schema is looked through.
    expect(checking(zodSchema(schema)!, ['orderId'])).toThrow(/key lists 'orderId', but models/);
    expect(checking(zodSchema(schema)!, ['amount'])).not.toThrow();
  });

  test.each([
    ...['toolCallId', 'callId', 'requestId', 'reason', 'note', 'comment', 'message'],
    ...['description', 'summary', 'timestamp', 'tool_call_id', 'Request-ID', 'NOTES', 'createdAt'],
    ...['refundReason', 'order_note', 'productDescription', 'lastTimestamp', 'emailBody'],
  ])('%s by its name', (name) => {
    const schema = of(z.object({ [name]: z.string(), customer: z.object({ [name]: z.string() }) }));
    expect(checking(schema, [name])).toThrow(`key lists '${name}', but models word`);
    expect(checking(schema, [`customer.${name}`])).toThrow(`key lists 'customer.${name}'`);
    expect(checking(schema, [`customer.${name}`], [`customer.${name}`])).not.toThrow();
  });

  test('also inside of what is listed', () => {
    const line = z.object({ sku: z.string(), note: z.string() });
    const schema = of(z.object({ order: z.object({ lines: z.array(line) }) }));
    expect(checking(schema, ['order'])).toThrow("key lists 'order.lines.note'");
    expect(checking(schema, ['order'], ['order.lines.note'])).not.toThrow();
  });

  test('but not what only sounds like it', () => {
    const names = ['orderId', 'messageId', 'invoiceNumber', 'sku', 'email', 'amount', 'subject'];
    names.push('reasonCode', 'noteId', 'phoneCallId', 'ticket', 'bodyPart');
    const schema = of(z.object(Object.fromEntries(names.map((name) => [name, z.string()]))));
    expect(checking(schema, names)).not.toThrow();
  });
});

describe('a listed field is found', () => {
  test('through references, alternatives, and schemas that refer to themselves', () => {
    interface Node {
      id: string;
      next?: Node | undefined;
    }
    const node: z.ZodType<Node> = z.lazy(() => z.object({ id: z.string(), next: node.optional() }));
    const schema = of(z.object({ node, either: z.union([z.object({ a: z.string() }), z.null()]) }));
    expect(checking(schema, ['node.next.next.id', 'either.a', 'node'])).not.toThrow();
    expect(checking(schema, ['node.next.no'])).toThrow("lists 'node.next.no'");
    expect(checking(schema, ['either.b'])).toThrow("lists 'either.b'");
    expect(checking(schema, ['toString'])).toThrow("lists 'toString'");
  });

  test('in a record of any name, and in references of every notation', () => {
    const schema: JsonSchema = {
      properties: { by: { $ref: '#/$defs/a~1b' }, elsewhere: { $ref: 'https://example.com/x' } },
      $defs: { 'a/b': { additionalProperties: { type: 'string' } } },
      allOf: [{ properties: { both: true } }],
    };
    expect(checking(schema, ['by.anything', 'both', 'elsewhere'])).not.toThrow();
    expect(checking(schema, ['by.one.two'])).toThrow("lists 'by.one.two'");
  });

  test('of Zod 3', () => {
    const shape = {
      orderId: z3.string().min(1),
      id: z3.string().uuid().optional(),
      at: z3.string().datetime(),
      on: z3.date(),
      lines: z3.array(z3.object({ sku: z3.string(), comment: z3.string() })),
      buyer: z3.object({ email: z3.string().email() }).refine(() => true),
    };
    for (const schema of [of(z3.object(shape)), of(shape)]) {
      expect(checking(schema, ['orderId', 'buyer.email'])).not.toThrow();
      for (const field of ['id', 'at', 'on', 'lines']) {
        expect(checking(schema, [field])).toThrow(`key lists '${field}`);
      }
      expect(checking(schema, ['buyer.name'])).toThrow('does not have');
    }
  });
});

test('trust is for what the key lists', () => {
  const schema = of(z.object({ orderId: z.string(), reason: z.string() }));
  expect(checking(schema, ['orderId'], ['reason'])).toThrow("trust names 'reason', which key does");
});

test('a fingerprint may be of anything that the input has', () => {
  const schema = of(z.object({ orderId: z.string(), reason: z.string() }));
  const check = (fingerprint: string[]) => () =>
    checkFields('refund', { key: ['orderId'], fingerprint }, schema);
  expect(check(['reason'])).not.toThrow();
  expect(check(['amount'])).toThrow("fingerprint lists 'amount'");
});

test('a schema that tells nothing of its fields is refused', () => {
  expect(() => of({ '~standard': { vendor: 'other' } })).toThrow('does not tell its fields');
});
