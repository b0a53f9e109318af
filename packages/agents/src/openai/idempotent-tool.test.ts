import { type RunContext, tool } from '@openai/agents';
import { outcomeUnknown } from '@twiceproof/core';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { z } from 'zod';
import { deployed } from '../../test/deployed.ts';
import { openaiRun } from '../../test/openai-run.ts';
import { underWay } from '../../test/under-way.ts';
import { idempotentTool } from './index.ts';

const parameters = z.object({
  orderId: z.string().nullable(),
  amount: z.number().nullable(),
  reason: z.string().nullable(),
});
type Input = z.infer<typeof parameters>;
const input = { orderId: 'o-1', amount: 5, reason: 'broken' };
const options = { key: ['orderId', 'amount'] };

type Execute = (input: Input, context?: RunContext<unknown>) => unknown;
const toolOptions = (execute: Execute) => ({
  name: 'refund',
  description: 'Refund an order',
  parameters,
  execute: execute as (input: Input) => Promise<string>,
});

/** A tool that is given as the options of `tool()`, and one that is built already. */
const forms = [
  {
    form: 'the options of tool()',
    make: (
      { idempotency }: Pick<ReturnType<typeof deployed>, 'idempotency'>,
      execute: Execute,
      own: object = {},
      more: object = {},
    ) => idempotentTool(idempotency, { ...options, ...own }, { ...toolOptions(execute), ...more }),
  },
  {
    form: 'a built tool',
    make: (
      { idempotency }: Pick<ReturnType<typeof deployed>, 'idempotency'>,
      execute: Execute,
      own: object = {},
      more: object = {},
    ) =>
      idempotentTool(
        idempotency,
        { ...options, ...own },
        tool({ ...toolOptions(execute), ...more }),
      ),
  },
];

describe.each(forms)('$form', ({ make }) => {
  test('a call that comes again gets the recorded output behind words', async () => {
    const deployment = deployed();
    const execute = vi.fn(async ({ orderId }: Input) => `refunded ${orderId}`);
    const run = await openaiRun(make(deployment, execute), [
      ['call-1', input],
      ['call-2', { ...input, reason: 'the same in other words' }],
    ]);
    expect(run.toldText[0]).toBe('refunded o-1');
    expect(run.toldText[1]).toMatch(
      /^'refund' was already done before for orderId 'o-1', amount 5, at 20.+Z\..+\nrefunded o-1$/,
    );
    expect(run.text).toBe('done');
    const again = await openaiRun(make({ idempotency: deployment.elsewhere }, execute), [
      ['fc_another', input],
    ]);
    expect(again.toldText[0]).toContain('already done before');
    expect(execute).toHaveBeenCalledOnce();
  });

  test.each([
    ['an object', { refunded: 5 }, '{"refunded":5}'],
    ['nothing', undefined, 'undefined'],
    ['a structured text', { type: 'text', text: 'refunded' }, 'refunded'],
    [
      'a list of them',
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
      'a\nb',
    ],
  ])('an output that is %s is told with words before it', async (_, output, text) => {
    const run = await openaiRun(
      make(deployed(), async () => output),
      [
        ['call-1', input],
        ['call-2', input],
      ],
    );
    const [words, ...rest] = run.toldText[1]!.split('\n');
    expect(words).toContain('already done before');
    expect(rest.join('\n')).toBe(text);
  });

  test('what must not be tried again is said, and the run goes on', async () => {
    const { idempotency, elsewhere } = deployed();
    const execute = vi.fn(async () => 'refunded');
    const refund = make({ idempotency }, execute, { key: ['orderId'], fingerprint: ['amount'] });
    const other = await underWay(elsewhere, 'refund', { orderId: 'busy' });
    const run = await openaiRun(refund, [
      ['call-1', { ...input, orderId: 'busy' }],
      ['call-2', { ...input, orderId: null }],
      ['call-3', input],
      ['call-4', { ...input, amount: 500 }],
    ]);
    await other.end();
    expect(run.toldText).toEqual([
      expect.stringContaining('is being done right now'),
      expect.stringContaining('its input lacks orderId'),
      'refunded',
      expect.stringContaining('with another amount'),
    ]);
    expect(run.text).toBe('done');
    expect(execute).toHaveBeenCalledOnce();
  });

  test('an error of the tool is told as ever, is no success, and the next call executes again', async () => {
    const execute = vi
      .fn(async () => 'refunded')
      .mockRejectedValueOnce(new RangeError('no such order'));
    const run = await openaiRun(make(deployed(), execute), [
      ['call-1', input],
      ['call-2', input],
    ]);
    expect(run.toldText).toEqual([
      expect.stringContaining('An error occurred while running the tool.'),
      'refunded',
    ]);
    expect(execute).toHaveBeenCalledTimes(2);
  });

  test('without an errorFunction an error ends the run, as ever, and is no success', async () => {
    const execute = vi
      .fn(async () => 'refunded')
      .mockRejectedValueOnce(new RangeError('no such order'));
    const refund = make(deployed(), execute, {}, { errorFunction: null });
    await expect(openaiRun(refund, [['call-1', input]])).rejects.toThrow('no such order');
    expect((await openaiRun(refund, [['call-1', input]])).toldText).toEqual(['refunded']);
  });

  test('an outcome that nobody knows is said, with its record', async () => {
    const { idempotency } = deployed();
    const execute = vi.fn(async () => {
      throw outcomeUnknown(new Error('timed out after it was sent'));
    });
    const own = { abandoned: 'hold', failure: 'unknown' };
    const run = await openaiRun(make({ idempotency }, execute, own), [
      ['call-1', input],
      ['call-2', input],
    ]);
    const [record] = (await idempotency.records.list({})).records;
    for (const told of run.toldText) {
      expect(told).toMatch(/^Nobody knows whether 'refund' for orderId 'o-1', amount 5 was done/);
      expect(told).toContain(record!.id);
    }
    expect(run.text).toBe('done');
    expect(execute).toHaveBeenCalledOnce();
  });

  test('approval is asked for as before', async () => {
    const execute = vi.fn(async () => 'refunded');
    const refund = make(deployed(), execute, {}, { needsApproval: true });
    const run = await openaiRun(refund, [['call-1', input]]);
    expect(run.interruptions).toHaveLength(1);
    expect(execute).not.toHaveBeenCalled();
  });

  test('key and scope get the input and the run', async () => {
    const { idempotency } = deployed();
    const seen: unknown[] = [];
    const own = {
      key: (given: Input, context: RunContext<unknown> | undefined) => {
        seen.push(context?.usage !== undefined);
        return given.orderId;
      },
      scope: ({ reason }: Input) => reason ?? 'nobody',
    };
    await openaiRun(
      make({ idempotency }, async () => 'refunded', own),
      [['call-1', input]],
    );
    expect(seen).toContain(true);
    expect((await idempotency.records.list({})).records[0]).toMatchObject({ scope: 'broken' });
  });

  test('input that the tool cannot read is its own affair', async () => {
    const execute = vi.fn(async () => 'refunded');
    const run = await openaiRun(make(deployed(), execute), [['call-1', '{"orderId":']]);
    expect(run.text).toBe('done');
    expect(execute).not.toHaveBeenCalled();
  });

  test('a key of what models make up, or of what the input has not, is refused', () => {
    const deployment = deployed();
    const execute = async () => 'refunded';
    expect(() => make(deployment, execute, { key: ['reason'] })).toThrow("key lists 'reason'");
    expect(() => make(deployment, execute, { key: ['order'] })).toThrow("key lists 'order'");
    expect(() => make(deployment, execute, { key: [] })).toThrow("tool 'refund' needs a key");
    expect(() => make(deployment, execute, { key: ['reason'], trust: ['reason'] })).not.toThrow();
  });
});

test("a built tool's failure that is recorded is told again in the same words", async () => {
  const execute = vi.fn(async () => {
    throw new RangeError('no such order');
  });
  const run = await openaiRun(forms[1]!.make(deployed(), execute, { failure: 'record' }), [
    ['call-1', input],
    ['call-2', input],
  ]);
  expect(run.toldText[0]).toContain('An error occurred while running the tool.');
  expect(run.toldText[1]).toBe(run.toldText[0]);
  expect(execute).toHaveBeenCalledOnce();
});

test("a built tool's own timeout is an outcome that nobody knows yet", async () => {
  const { idempotency } = deployed();
  const slow = Promise.withResolvers<string>();
  const execute = vi.fn(() => slow.promise);
  const built = tool({ ...toolOptions(execute), timeoutMs: 20 });
  const refund = idempotentTool(idempotency, { ...options, abandoned: 'hold' }, built);
  const invoke = () => refund.invoke({} as never, JSON.stringify(input));
  expect(await invoke()).toContain("Tool 'refund' timed out after 20ms.");
  expect(await invoke()).toContain('A person has to decide');
  expect(execute).toHaveBeenCalledOnce();
  slow.resolve('late');
});

test('a tool that timed out in a run is in progress as long as it goes on, and then replayed', async () => {
  const deployment = deployed();
  const slow = Promise.withResolvers<string>();
  const execute = vi.fn(() => slow.promise);
  const refund = forms[0]!.make(deployment, execute, {}, { timeoutMs: 20 });
  const run = await openaiRun(refund, [
    ['call-1', input],
    ['call-2', input],
  ]);
  expect(run.toldText).toEqual([
    expect.stringContaining('timed out after 20ms'),
    expect.stringContaining('is being done right now'),
  ]);
  slow.resolve('refunded');
  const done = await openaiRun(forms[0]!.make(deployment, execute), [['call-3', input]]);
  expect(done.toldText[0]).toContain('already done before');
  expect(execute).toHaveBeenCalledOnce();
});

test('an output that has to follow a schema is replayed as it was', async () => {
  const { idempotency } = deployed();
  const execute = vi.fn(async ({ orderId }: Input) => ({ orderId }));
  const outputSchema = z.object({ orderId: z.string().nullable() });
  const own = { ...toolOptions(execute as never), outputSchema, execute };
  const calls: [string, Input][] = [
    ['call-1', input],
    ['call-2', input],
  ];
  for (const refund of [
    idempotentTool(idempotency, options, own),
    idempotentTool(idempotency, { ...options, operation: 'built' }, tool(own)),
  ]) {
    expect((await openaiRun(refund, calls)).toldText).toEqual([
      '{"orderId":"o-1"}',
      '{"orderId":"o-1"}',
    ]);
  }
  expect(execute).toHaveBeenCalledTimes(2);
});

test('inputs have the types of the SDK, and what is not executed here is refused', () => {
  const { idempotency } = deployed();
  const built = tool({ ...toolOptions(async () => 'x'), parameters });
  idempotentTool(
    idempotency,
    {
      key: (given, context) => {
        expectTypeOf(given).toEqualTypeOf<Input>();
        expectTypeOf(context).toEqualTypeOf<RunContext<unknown> | undefined>();
        return given.orderId;
      },
    },
    built,
  );
  const hosted = { type: 'hosted_tool', name: 'web_search' };
  expect(() => idempotentTool(idempotency, options, hosted as never)).toThrow(
    'a tool that is not executed here',
  );
});
