import { inspect } from 'node:util';
import {
  downstreamKeyOf,
  downstreamUuidOf,
  type IdempotencyRecord,
  isIdempotencyError,
  type Records,
} from '@twiceproof/core';
import type { Command } from 'commander';
import type { Call, Runner } from '../command-call.ts';
import type { ExitCode } from '../failure.ts';
import { linksOf } from '../links.ts';
import { plainValue } from '../output/plain-value.ts';
import type { Screen } from '../output/screen.ts';
import { visibleLayout, visibleText } from '../output/visible-text.ts';
import {
  addEnvironmentOptions,
  type EnvironmentOptions,
  environmentOf,
} from '../records/filter-options.ts';
import { findRecord } from '../records/find.ts';
import { recordFields } from '../records/record-fields.ts';
import { recordLines } from '../records/record-lines.ts';

interface ShowOptions extends EnvironmentOptions {
  readonly result?: boolean;
}

/** What a replay would answer. */
type Result =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'omitted'; readonly reason: string };

export function configureShow(command: Command, runner: Runner): void {
  addEnvironmentOptions(command)
    .description('Show everything about a record, and with --result what it replays.')
    .argument('<id>', 'record id, the beginning of one, or the beginning of its digest')
    .option('--result', 'decode the recorded result, which may hold personal data')
    .action(runner.action(show));
}

async function show(call: Call<ShowOptions>, text: string): Promise<ExitCode | undefined> {
  const { options, screen, progress } = call;
  const { idempotency, config } = await call.open();
  const { records } = idempotency;
  const environment = environmentOf(options, config);
  const record = await findRecord({ records, environment, progress }, text);
  const result = options.result ? await resultOf(records, record) : undefined;
  const links = linksOf(config.links, record);
  if (screen.isJson) {
    const fields = {
      ...recordFields(record),
      downstreamKey: downstreamKeyOf(record.id),
      downstreamUuid: downstreamUuidOf(record.id),
      links: Object.fromEntries(links.map((each) => [each.label, each.url])),
    };
    screen.printJson(
      options.result ? { ...fields, result: result && plainResult(result) } : fields,
    );
    return undefined;
  }
  screen.print(recordLines(record, links, screen.paint, Date.now()));
  if (options.result) screen.print(`\n${resultText(result, record, screen)}`);
  return undefined;
}

/** Undefined where the record has no result. */
async function resultOf(records: Records, record: IdempotencyRecord): Promise<Result | undefined> {
  if (record.status !== 'completed') return undefined;
  try {
    return { kind: 'value', value: await records.result(record.id) };
  } catch (error) {
    if (isIdempotencyError(error, 'RESULT_OMITTED')) {
      return {
        kind: 'omitted',
        reason: error.message.includes('too large') ? 'too large' : 'not serialisable',
      };
    }
    // The recorded error itself is thrown, as at a replay; ours say that it could not be had.
    if (isIdempotencyError(error)) throw error;
    return { kind: 'error', error };
  }
}

function plainResult(result: Result): Record<string, unknown> {
  if (result.kind === 'value') return { kind: 'value', value: plainValue(result.value) };
  if (result.kind === 'omitted') return { kind: 'omitted', reason: result.reason };
  const { error } = result;
  if (!(error instanceof Error)) return { kind: 'error', error: plainValue(error) };
  const own = plainValue({ ...error }) as object;
  return { kind: 'error', error: { name: error.name, message: error.message, ...own } };
}

function resultText(
  result: Result | undefined,
  record: IdempotencyRecord,
  { paint, width }: Screen,
): string {
  if (result === undefined) return paint('dim', `no result: it is ${record.status}`);
  if (result.kind === 'omitted') return paint('dim', `result omitted: it was ${result.reason}`);
  if (result.kind === 'value') return inspected(result.value, width);
  const { error } = result;
  if (!(error instanceof Error)) return `threw ${inspected(error, width)}`;
  const text = paint('red', visibleText(`${error.name}: ${error.message}`));
  // Its stack would be that of this command.
  const { stack: _stack, ...own } = { ...error } as { stack?: unknown };
  const more = Object.keys(own).length === 0 ? '' : ` ${inspected(own, width)}`;
  return `threw ${text}${more}`;
}

function inspected(value: unknown, width: number | undefined): string {
  const text = inspect(value, {
    depth: Number.POSITIVE_INFINITY,
    maxArrayLength: Number.POSITIVE_INFINITY,
    maxStringLength: Number.POSITIVE_INFINITY,
    breakLength: width ?? 100,
  });
  return visibleLayout(text);
}
