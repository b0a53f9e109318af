import { McpServer as Server1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { McpServer as Server2 } from '@modelcontextprotocol/server';
import { outcomeUnknown } from '@twiceproof/core';
import { afterEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { z } from 'zod';
import { deployed } from '../../test/deployed.ts';
import {
  type AnyExtra,
  type Connection,
  type Generation,
  generations,
} from '../../test/mcp-generations.ts';
import { underWay } from '../../test/under-way.ts';
import { registerTool } from './index.ts';

const inputSchema = z.object({
  orderId: z.string().optional(),
  amount: z.number().optional(),
  reason: z.string().optional(),
});
type Input = z.infer<typeof inputSchema>;
const input = { orderId: 'o-1', amount: 5, reason: 'broken' };

const open: Connection[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

function refunding() {
  return vi.fn(async ({ orderId, amount }: Input, _extra?: unknown) => ({
    content: [{ type: 'text' as const, text: `refunded ${amount} of ${orderId}` }],
    structuredContent: { orderId, refunded: amount },
  }));
}

type Options = Parameters<
  typeof registerTool<Server1, object, typeof inputSchema>
>[3]['idempotency'];

describe.each(generations)('$name', (generation: Generation) => {
  const { idempotency, elsewhere } = deployed();
  let tools = 0;

  /** A server with one tool of its own operation. */
  function registered(
    handler: (...args: never[]) => unknown,
    options: Partial<Options> = {},
    config: object = {},
  ) {
    tools += 1;
    const own = { operation: `refund-${tools}`, key: ['orderId'], scope: 'public' as const };
    const all = { ...own, ...options };
    const register = (server: Server1): void => {
      registerTool(
        server,
        idempotency,
        'refund',
        { inputSchema, ...config, idempotency: all },
        handler as never,
      );
    };
    return {
      operation: own.operation,
      http: async (user?: string) => {
        const connection = await generation.overHttp(register, user);
        open.push(connection);
        return connection;
      },
      inProcess: async () => {
        const connection = await generation.inProcess(register);
        open.push(connection);
        return connection;
      },
    };
  }

  test('a call that comes again gets the recorded result, with words before it', async () => {
    const handler = refunding();
    const { http } = registered(handler);
    const client = await http();
    const first = await client.call(input);
    expect(first.content).toEqual([{ type: 'text', text: 'refunded 5 of o-1' }]);
    expect(first._meta?.['twiceproof/replayed']).toBeUndefined();
    const second = await client.call({ ...input, reason: 'the same in other words' });
    expect(second).toMatchObject({
      content: [
        {
          type: 'text',
          text: expect.stringMatching(/^'refund-\d+' was already done before .+, at 20/),
        },
        ...first.content,
      ],
      structuredContent: first.structuredContent,
      _meta: { 'twiceproof/replayed': true },
    });
    expect(second.isError).not.toBe(true);
    expect(handler).toHaveBeenCalledOnce();
  });

  test('users do not meet, and one user meets its own calls', async () => {
    const handler = refunding();
    const { http } = registered(handler, {
      scope: (_input: Input, extra: unknown) => generation.userOf(extra as AnyExtra),
    });
    const [alice, bob] = [await http('alice'), await http('bob')];
    for (const each of [alice, bob, alice]) await each.call(input);
    expect(handler).toHaveBeenCalledTimes(2);
  });

  test('over HTTP a tool without a scope is refused, and in one process it is not', async () => {
    const handler = refunding();
    const { http, inProcess } = registered(handler, { scope: undefined });
    const refused = await (await http()).call(input);
    expect(refused.isError).toBe(true);
    expect(refused.content[0]!.text).toContain('does not say whose call it is');
    expect(handler).not.toHaveBeenCalled();
    const client = await inProcess();
    expect((await client.call(input)).isError).not.toBe(true);
    expect((await client.call(input))._meta).toEqual({ 'twiceproof/replayed': true });
    expect(handler).toHaveBeenCalledOnce();
  });

  test("a client's own key counts instead of the fields, within its scope", async () => {
    const handler = refunding();
    const { http } = registered(handler, {
      scope: (_input: Input, extra: unknown) => generation.userOf(extra as AnyExtra),
    });
    const client = await http();
    await client.call(input, { idempotencyKey: 'k-1' });
    const replay = await client.call({ orderId: 'o-2' }, { idempotencyKey: 'k-1' });
    expect(replay._meta).toEqual({ 'twiceproof/replayed': true });
    // The words speak of the key: what was done is not what this call's fields say.
    expect(replay.content[0]!.text).toContain("done before for the idempotency key 'k-1', at ");
    expect((await client.call({}, { idempotencyKey: 'k-1' }))._meta).toEqual(replay._meta);
    expect(handler).toHaveBeenCalledOnce();
    // Another key, another user, and the fields themselves are other work.
    await client.call(input, { idempotencyKey: 'k-2' });
    await (await http('bob')).call(input, { idempotencyKey: 'k-1' });
    await client.call(input);
    expect(handler).toHaveBeenCalledTimes(4);
    for (const idempotencyKey of ['', ' ', 'k'.repeat(256), 7, null, {}]) {
      const refused = await client.call(input, { idempotencyKey });
      expect(refused.isError).toBe(true);
      expect(refused.content[0]!.text).toContain('a text of 1 to 255 characters');
    }
    await client.call(input, { idempotencyKey: 'k'.repeat(255) });
    expect(handler).toHaveBeenCalledTimes(5);
  });

  test('an error result is passed on, and the next call executes again', async () => {
    const handler = vi.fn(async (_: Input) => ({
      content: [{ type: 'text', text: 'no such order' }],
      isError: true,
    }));
    const client = await registered(handler).http();
    for (let time = 0; time < 2; time += 1) {
      const answer = await client.call(input);
      expect(answer).toMatchObject({ isError: true, content: [{ text: 'no such order' }] });
      expect(answer.content).toHaveLength(1);
    }
    expect(handler).toHaveBeenCalledTimes(2);
  });

  test('what is thrown is the error of the tool, as ever', async () => {
    const handler = vi.fn(async (_: Input) => {
      throw new RangeError('no such order');
    });
    const client = await registered(handler).http();
    expect(await client.call(input)).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('no such order') }],
    });
    await client.call(input);
    expect(handler).toHaveBeenCalledTimes(2);
  });

  test('what must not be tried again is said as an error of the tool', async () => {
    const handler = refunding();
    const { http, operation } = registered(handler, { fingerprint: ['amount'] });
    const client = await http();
    const other = await underWay(elsewhere, operation, { orderId: 'busy' });
    expect(await client.call({ ...input, orderId: 'busy' })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('being done right now') }],
    });
    await other.end();
    expect(await client.call({ amount: 1 })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('its input lacks orderId') }],
    });
    expect(handler).not.toHaveBeenCalled();
    await client.call(input);
    expect(await client.call({ ...input, amount: 500 })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('with another amount') }],
    });
    expect(handler).toHaveBeenCalledOnce();
  });

  test('an outcome that nobody knows names its record, at once and later', async () => {
    const handler = vi.fn(async (_: Input) => {
      throw outcomeUnknown(new Error('timed out after it was sent'));
    });
    const { http, operation } = registered(handler, { abandoned: 'hold' });
    const client = await http();
    for (let time = 0; time < 2; time += 1) {
      const { isError, content } = await client.call(input);
      expect(isError).toBe(true);
      expect(content[0]!.text).toMatch(/^Nobody knows .+ Do not call it again on your own/);
      expect(content[0]!.text).toContain(`test/${operation}/0/`);
      const why = '(timed out after it was sent)';
      expect(content[0]!.text.includes(why)).toBe(time === 0);
    }
    expect(handler).toHaveBeenCalledOnce();
  });

  test('an error result whose outcome is unknown is passed on with that said', async () => {
    const handler = vi.fn(async (_: Input) => ({
      content: [{ type: 'text', text: 'timed out' }],
      isError: true,
    }));
    const client = await registered(handler, { failure: 'unknown', abandoned: 'hold' }).http();
    const first = await client.call(input);
    expect(first).toMatchObject({ isError: true });
    expect(first.content.map((each) => each.text)).toEqual([
      expect.stringContaining('Nobody knows'),
      'timed out',
    ]);
    expect((await client.call(input)).content[0]!.text).toContain('A person has to decide');
    expect(handler).toHaveBeenCalledOnce();
  });

  test('clients see that it is idempotent, and everything else as it was', async () => {
    const annotations = { readOnlyHint: false, destructiveHint: true, title: 'Refund' };
    const client = await registered(
      refunding(),
      {},
      { annotations, description: 'Refunds' },
    ).http();
    expect(await client.tool()).toMatchObject({
      name: 'refund',
      description: 'Refunds',
      annotations: { ...annotations, idempotentHint: true },
      inputSchema: { properties: { orderId: { type: 'string' } } },
    });
  });

  test('the handler gets the input and what the SDK hands over', async () => {
    const handler = refunding();
    await (await registered(handler).http()).call(input);
    const [given, extra] = handler.mock.calls[0]!;
    expect(given).toEqual(input);
    expect(generation.userOf(extra as AnyExtra)).toBe('alice');
  });

  test('a tool without input has a key by function', async () => {
    const handler = vi.fn(async (extra: AnyExtra) => ({
      content: [{ type: 'text', text: generation.userOf(extra) }],
    }));
    const config = { inputSchema: undefined };
    const key = () => 'today';
    const client = await registered(handler as never, { key }, config).http();
    expect((await client.call({})).content[0]!.text).toBe('alice');
    expect((await client.call({})).content[1]!.text).toBe('alice');
    expect(handler).toHaveBeenCalledOnce();
  });
});

test('a tool is refused when it is registered: fields that it has not, fields that models make up', () => {
  const { idempotency } = deployed();
  const register = (options: object | undefined) => () =>
    registerTool(
      new Server1({ name: 'test', version: '1.0.0' }),
      idempotency,
      'refund',
      { inputSchema: inputSchema.shape, idempotency: options as never },
      async () => ({ content: [] }),
    );
  expect(register({ key: ['orderId'] })).not.toThrow();
  expect(register({ key: ['order'] })).toThrow("key lists 'order'");
  expect(register({ key: ['reason'] })).toThrow("key lists 'reason'");
  expect(register({ key: ['orderId'], scope: 'tenant' })).toThrow("scope is 'tenant'");
  expect(register({ key: ['orderId'], lease: 'soon' })).toThrow("lease is 'soon'");
  expect(register({ key: ['orderId'], kee: 1 })).toThrow("no option 'kee'");
  expect(() =>
    registerTool(
      new Server1({ name: 'test', version: '1.0.0' }),
      idempotency,
      'refund',
      { inputSchema, idempotency: { key: ['orderId'] } },
      { createTask: () => {} } as never,
    ),
  ).toThrow("tool 'refund' has no function as its handler");
  expect(() =>
    registerTool(
      new Server1({ name: 'test', version: '1.0.0' }),
      idempotency,
      'refund',
      { inputSchema, idempotency: { key: ['orderId'] } },
      async function* () {} as never,
    ),
  ).toThrow("tool 'refund' was given a generator function");
  const withStore = () =>
    registerTool(
      new Server1({ name: 'test', version: '1.0.0' }),
      {} as never,
      'refund',
      { inputSchema, idempotency: { key: ['orderId'] } },
      async () => ({ content: [] }),
    );
  expect(withStore).toThrow("tool 'refund' needs idempotency");
  expect(register({})).toThrow("tool 'refund' needs a key");
  expect(register(undefined)).toThrow("tool 'refund' needs a key");
});

test('inputs and what is handed over have the types of the SDK', () => {
  const { idempotency } = deployed();
  const key = ['orderId'];
  registerTool(
    new Server1({ name: 'test', version: '1.0.0' }),
    idempotency,
    'refund',
    {
      inputSchema: { orderId: z.string(), amount: z.number().optional() },
      idempotency: { key, scope: (_input, extra) => extra.authInfo?.clientId ?? 'nobody' },
    },
    async (given, extra) => {
      expectTypeOf(given.orderId).toEqualTypeOf<string>();
      expectTypeOf(given.amount).toEqualTypeOf<number | undefined>();
      expectTypeOf(extra.signal).toEqualTypeOf<AbortSignal>();
      return { content: [] };
    },
  );
  registerTool(
    new Server2({ name: 'test', version: '1.0.0' }),
    idempotency,
    'refund',
    { inputSchema, idempotency: { key, scope: (_, ctx) => ctx.http?.authInfo?.clientId ?? '' } },
    async (given, ctx) => {
      expectTypeOf(given).toEqualTypeOf<Input>();
      expectTypeOf(ctx.mcpReq.signal).toEqualTypeOf<AbortSignal>();
      return { content: [] };
    },
  );
});
