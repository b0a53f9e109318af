import { outcomeUnknown } from '@twiceproof/core';
import { jsonSchema, tool } from 'ai';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { aiRun } from '../../test/ai-run.ts';
import { deployed } from '../../test/deployed.ts';
import { underWay } from '../../test/under-way.ts';
import { idempotentTool } from './index.ts';

const options = { operation: 'refund', key: ['orderId', 'amount'] } as const;
const inputSchema = z.object({
  orderId: z.string().optional(),
  amount: z.number().optional(),
  reason: z.string().optional(),
});
const input = { orderId: 'o-1', amount: 5, reason: 'broken' };
type Input = z.infer<typeof inputSchema>;

function refunding(fail?: () => unknown) {
  return vi.fn(async ({ orderId, amount }: Input) => {
    if (fail) throw fail();
    return { orderId, refunded: amount, at: '2026-01-01' };
  });
}

describe('a call that comes again', () => {
  test('gets the recorded output in its shape, and the model is told in words', async () => {
    const { idempotency } = deployed();
    const execute = refunding();
    const refund = idempotentTool(idempotency, options, tool({ inputSchema, execute }));
    const run = await aiRun({ refund }, [
      ['call-1', input],
      ['call-2', input],
    ]);
    expect(execute).toHaveBeenCalledOnce();
    const output = { orderId: 'o-1', refunded: 5, at: '2026-01-01' };
    expect(run.results).toMatchObject([
      { type: 'tool-call' },
      { type: 'tool-result', output },
      { type: 'tool-call' },
      { type: 'tool-result', output },
    ]);
    expect(run.told[0]).toEqual({ type: 'json', value: output });
    expect(run.told[1]).toEqual({
      type: 'content',
      value: [
        {
          type: 'text',
          text: expect.stringMatching(
            /^'refund' was already done before for orderId 'o-1', amount 5, at 20\d\d-.+Z\. It was not done again/,
          ),
        },
        { type: 'text', text: JSON.stringify(output) },
      ],
    });
    expect(run.text).toBe('done');
  });

  test('after a guardrail made the model reword its free text has one effect', async () => {
    const { idempotency } = deployed();
    const execute = refunding();
    const refund = idempotentTool(idempotency, options, tool({ inputSchema, execute }));
    for (const reason of ['It is broken!!', 'The goods arrived damaged.', 'Damaged on arrival']) {
      await aiRun({ refund }, [['call-1', { ...input, reason }]]);
    }
    expect(execute).toHaveBeenCalledOnce();
  });

  test('under another tool call id, in another run, has one effect', async () => {
    const { idempotency, elsewhere } = deployed();
    const execute = refunding();
    for (const [index, each] of [idempotency, idempotency, elsewhere].entries()) {
      const refund = idempotentTool(each, options, tool({ inputSchema, execute }));
      const run = await aiRun({ refund }, [[`toolu_${index}`, input]]);
      expect(run.toldText[0]).toContain(index === 0 ? '"refunded":5' : 'already done before');
    }
    expect(execute).toHaveBeenCalledOnce();
  });

  test('is told in the own words of a tool that has some, behind ours', async () => {
    const { idempotency } = deployed();
    const refund = idempotentTool(
      idempotency,
      options,
      tool({
        inputSchema,
        execute: refunding(),
        toModelOutput: ({ output }) => ({ type: 'text', value: `refunded ${output.refunded}` }),
      }),
    );
    const run = await aiRun({ refund }, [
      ['call-1', input],
      ['call-2', input],
    ]);
    expect(run.told[0]).toEqual({ type: 'text', value: 'refunded 5' });
    expect(run.told[1]).toMatchObject({
      type: 'text',
      value: expect.stringMatching(/^'refund' was already done .+\nrefunded 5$/),
    });
  });

  test('is one call whatever the order of its listed fields, and another one for another value', async () => {
    const { idempotency } = deployed();
    const execute = refunding();
    const make = (key: string[]) =>
      idempotentTool(idempotency, { ...options, key }, tool({ inputSchema, execute }));
    await aiRun({ refund: make(['orderId', 'amount']) }, [['call-1', input]]);
    await aiRun({ refund: make(['amount', 'orderId']) }, [['call-2', input]]);
    expect(execute).toHaveBeenCalledOnce();
    await aiRun({ refund: make(['orderId', 'amount']) }, [['call-3', { ...input, amount: 6 }]]);
    expect(execute).toHaveBeenCalledTimes(2);
  });

  test('a tool call id that is used for new work is not said to be old', async () => {
    const { idempotency } = deployed();
    const refund = idempotentTool(
      idempotency,
      options,
      tool({ inputSchema, execute: refunding() }),
    );
    await aiRun({ refund }, [['call-1', input]]);
    expect((await aiRun({ refund }, [['call-1', input]])).toldText[0]).toContain('already done');
    const other = { ...input, orderId: 'o-2' };
    expect((await aiRun({ refund }, [['call-1', other]])).toldText[0]).not.toContain('already');
  });
});

describe('what must not be tried again is said, and the run goes on', () => {
  test('in progress elsewhere', async () => {
    const { idempotency, elsewhere } = deployed();
    const execute = refunding();
    const refund = idempotentTool(idempotency, options, tool({ inputSchema, execute }));
    const other = await underWay(elsewhere, 'refund', { orderId: 'o-1', amount: 5 });
    const run = await aiRun({ refund }, [['call-1', input]]);
    await other.end();
    expect(run.results[1]).toMatchObject({
      type: 'tool-error',
      error: { cause: { code: 'IN_PROGRESS' } },
    });
    expect(run.told[0]).toEqual({
      type: 'error-text',
      value: expect.stringMatching(/is being done right now .+ Do not call it again on your own/),
    });
    expect(run.text).toBe('done');
    expect(execute).not.toHaveBeenCalled();
  });

  test('a changed field of the fingerprint', async () => {
    const { idempotency } = deployed();
    const execute = refunding();
    const refund = idempotentTool(
      idempotency,
      { operation: 'refund', key: ['orderId'], fingerprint: ['amount'] },
      tool({ inputSchema, execute }),
    );
    const run = await aiRun({ refund }, [
      ['call-1', input],
      ['call-2', { ...input, amount: 500 }],
      ['call-3', { ...input, reason: 'another' }],
    ]);
    expect(run.toldText[1]).toMatch(/asked for before for orderId 'o-1' with another amount/);
    expect(run.toldText[2]).toContain('already done before');
    expect(execute).toHaveBeenCalledOnce();
  });

  test('a listed field that is missing, which is named', async () => {
    const { idempotency } = deployed();
    const execute = refunding();
    const refund = idempotentTool(idempotency, options, tool({ inputSchema, execute }));
    const run = await aiRun({ refund }, [
      ['call-1', { orderId: 'o-1' }],
      ['call-2', { orderId: ' ', amount: 1 }],
      ['call-3', {}],
    ]);
    expect(run.told.map((each) => each.type)).toEqual(['error-text', 'error-text', 'error-text']);
    expect(run.toldText[0]).toContain('its input lacks amount');
    expect(run.toldText[1]).toContain('its input lacks orderId');
    expect(run.toldText[2]).toContain('its input lacks orderId, amount');
    expect(execute).not.toHaveBeenCalled();
    expect((await idempotency.records.list({})).records).toEqual([]);
  });

  test('an outcome that nobody knows, with the record to look at', async () => {
    const { idempotency } = deployed();
    const execute = refunding(() => new Error('socket hang up'));
    const refund = idempotentTool(
      idempotency,
      { ...options, failure: 'unknown', abandoned: 'hold' },
      tool({ inputSchema, execute }),
    );
    const run = await aiRun({ refund }, [
      ['call-1', input],
      ['call-2', input],
    ]);
    const [{ id } = { id: '' }] = (await idempotency.records.list({})).records;
    expect(id).toContain('refund');
    for (const told of run.toldText) {
      expect(told).toMatch(/Nobody knows whether 'refund' for orderId 'o-1', amount 5 was done/);
      expect(told).toContain('Do not call it again on your own');
      expect(told).toContain(id);
    }
    expect(run.toldText[0]).toContain('socket hang up');
    expect(run.text).toBe('done');
    expect(execute).toHaveBeenCalledOnce();
  });

  test('unless a probe finds out what came of it', async () => {
    const { idempotency } = deployed();
    const sent = { orderId: 'o-1', refunded: 5, at: 'then' };
    const execute = refunding(() => outcomeUnknown(new Error('timeout')));
    const refund = idempotentTool(
      idempotency,
      { ...options, abandoned: () => ({ completed: sent }) },
      tool({ inputSchema, execute }),
    );
    const run = await aiRun({ refund }, [
      ['call-1', input],
      ['call-2', input],
    ]);
    expect(run.toldText[0]).toContain('Nobody knows');
    expect(run.toldText[1]).toContain('already done before');
    expect(run.results[3]).toMatchObject({ type: 'tool-result', output: sent });
    expect(execute).toHaveBeenCalledOnce();
  });

  test('the own error of a tool stays its own, and the next call executes again', async () => {
    const { idempotency } = deployed();
    const mine = new RangeError('no such order');
    const execute = refunding(() => mine);
    const refund = idempotentTool(idempotency, options, tool({ inputSchema, execute }));
    const run = await aiRun({ refund }, [
      ['call-1', input],
      ['call-2', input],
    ]);
    expect(run.results[1]).toMatchObject({ type: 'tool-error', error: mine });
    expect(run.told[1]).toEqual({ type: 'error-text', value: 'RangeError: no such order' });
    expect(execute).toHaveBeenCalledTimes(2);
  });

  test('a result that cannot be recorded is given to the model that asked, and not made again', async () => {
    const { idempotency } = deployed();
    const execute = vi.fn(async (_: Input) => ({ refunded: () => 5 }));
    const refund = idempotentTool(idempotency, options, tool({ inputSchema, execute }));
    const run = await aiRun({ refund }, [
      ['call-1', input],
      ['call-2', input],
    ]);
    expect(run.results[1]).toMatchObject({ type: 'tool-result' });
    expect(run.toldText[1]).toMatch(/was already done .+its result from then was not kept/);
    expect(execute).toHaveBeenCalledOnce();
  });
});

describe('a tool', () => {
  test('keeps everything that it has, and asks for approval as before', async () => {
    const { idempotency } = deployed();
    const execute = refunding();
    const own = tool({ description: 'Refund', inputSchema, needsApproval: true, execute });
    const refund = idempotentTool(idempotency, options, own);
    const { execute: _execute, toModelOutput: _toModelOutput, ...rest } = refund;
    const { execute: _own, ...before } = own;
    expect(rest).toEqual(before);
    const run = await aiRun({ refund }, [['call-1', input]]);
    expect(run.results.map((each) => each.type)).toEqual(['tool-call', 'tool-approval-request']);
    expect(execute).not.toHaveBeenCalled();
  });

  test('gets what the SDK hands over, and so do key and scope', async () => {
    const { idempotency } = deployed();
    const execute = vi.fn(
      async (_input: Input, { toolCallId }: { toolCallId: string }) => toolCallId,
    );
    const seen: unknown[] = [];
    const refund = idempotentTool(
      idempotency,
      {
        operation: 'refund',
        key: ({ orderId }, sdk) => {
          seen.push(sdk.toolCallId);
          return orderId;
        },
        scope: (_input, { messages }) => `user of ${messages.length}`,
      },
      tool({ inputSchema, execute }),
    );
    const run = await aiRun({ refund }, [['call-1', input]]);
    expect(run.told[0]).toEqual({ type: 'text', value: 'call-1' });
    expect(seen).toContain('call-1');
    expect((await idempotency.records.list({})).records[0]).toMatchObject({ scope: 'user of 1' });
  });

  test('without execute is left alone', () => {
    const { idempotency } = deployed();
    const own = tool({ inputSchema, outputSchema: z.string() });
    expect(idempotentTool(idempotency, options, own)).toBe(own);
  });

  test('that streams is refused: when it is defined, or else when it is called', async () => {
    const { idempotency } = deployed();
    async function* generate(_input: Input) {
      yield 'a';
    }
    expect(() =>
      idempotentTool(idempotency, options, tool({ inputSchema, execute: generate })),
    ).toThrow("tool 'refund' streams its output");
    const refund = idempotentTool(
      idempotency,
      options,
      tool({ inputSchema, execute: (given: Input) => generate(given) }),
    );
    const run = await aiRun({ refund }, [['call-1', input]]);
    expect(run.toldText[0]).toContain("tool 'refund' streams its output");
  });

  test('is refused with a key of what models make up, or of what its input has not', async () => {
    const { idempotency } = deployed();
    const make = (key: string[], trust?: string[]) => () =>
      idempotentTool(
        idempotency,
        { operation: 'refund', key, trust },
        tool({ inputSchema, execute: refunding() }),
      );
    expect(make(['orderId', 'reason'])).toThrow(/key lists 'reason', but models word/);
    expect(make(['orderId', 'reason'], ['reason'])).not.toThrow();
    expect(make(['order'])).toThrow(
      /key lists 'order', which its input does not have; it has orderId/,
    );
    expect(make([])).toThrow("tool 'refund' needs a key");
    const late = jsonSchema<Input>(Promise.resolve({ type: 'object', properties: {} }));
    const execute = refunding();
    const refund = idempotentTool(idempotency, options, tool({ inputSchema: late, execute }));
    const run = await aiRun({ refund }, [['call-1', input]]);
    expect(run.toldText[0]).toContain("key lists 'orderId', which its input does not have");
    expect(execute).not.toHaveBeenCalled();
  });
});
