import type { Idempotency, KeyValue, OperationOptions } from '@twiceproof/core';
import { checkIdempotency } from '@twiceproof/core/toolkit';
import { checkOptions } from './check-options.ts';
import { fieldsOf, missingFields } from './input-fields.ts';
import { answerOf, type Given, type ToolAnswer } from './tool-answer.ts';
import type { NamedToolOptions } from './tool-options.ts';
import { aboutFields, aboutKey, lacking } from './words.ts';

/** One call of a tool. */
interface ToolCall<Input, Sdk extends readonly unknown[], Value> {
  /** What the tool is called with: its input, and what the SDK hands over beside it. */
  readonly args: readonly [input: Input, ...sdk: Sdk];
  /** Executes the tool. */
  run(): Value | Promise<Value>;
  /** A key that the caller chose; it counts instead of the tool's. */
  readonly ownKey?: string | undefined;
}

/** Calls a tool once for each piece of work. */
export type ToolCalls<Input, Sdk extends readonly unknown[]> = <Value>(
  call: ToolCall<Input, Sdk, Value>,
) => Promise<ToolAnswer<Value>>;

/** Marks a key that the caller chose: what the fields of an input give is no list. */
const chosenByCaller = 'idempotencyKey';

/** Checks a tool's options, and makes its calls idempotent. */
export function toolCalls<Input, Sdk extends readonly unknown[]>(
  idempotency: Idempotency,
  options: NamedToolOptions<Input, Sdk>,
): ToolCalls<Input, Sdk> {
  const { operation } = options;
  checkIdempotency(idempotency, `tool '${operation}'`);
  checkOptions(operation, options);
  const { key, scope, fingerprint, trust: _trust, ...others } = options;
  const select = selectorOf(key);
  const own: OperationOptions<[Input, ...Sdk]> = {
    ...others,
    ...(typeof scope === 'function' && { scope }),
    ...(fingerprint && { fingerprint: selectorOf(fingerprint) }),
  };
  const wrap = (run: () => unknown, ownKey: string | undefined) =>
    idempotency.wrap((..._args: [Input, ...Sdk]) => run(), {
      ...own,
      operation,
      key: ownKey === undefined ? select : () => [chosenByCaller, ownKey],
    });
  wrap(() => {}, undefined);
  const listed = listOf(key);

  return async <Value>({ args, run, ownKey }: ToolCall<Input, Sdk, Value>) => {
    const [input] = args;
    const lacks = ownKey === undefined ? missingFields(input, listed) : [];
    if (lacks.length > 0) return { refusal: lacking(operation, lacks), cause: undefined };
    let given: Given<Value> | undefined;
    const wrapped = wrap(async () => {
      const value = await run();
      given = { value };
      return value;
    }, ownKey);
    const settled = await wrapped.settled(...args);
    const subject =
      ownKey === undefined
        ? aboutFields(operation, fieldsOf(input, listed))
        : aboutKey(operation, ownKey);
    return answerOf(settled as never, given, subject, listOf(fingerprint));
  };
}

type Selector<Args extends readonly unknown[]> = (...args: Args) => KeyValue;

function selectorOf<Args extends readonly [unknown, ...unknown[]]>(
  given: readonly string[] | Selector<Args>,
): Selector<Args> {
  return typeof given === 'function' ? given : (...[input]) => fieldsOf(input, given);
}

function listOf(given: unknown): readonly string[] {
  return Array.isArray(given) ? given : [];
}
