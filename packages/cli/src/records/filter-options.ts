import type { IdempotencyRecord, RecordFilter } from '@twiceproof/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { TwiceproofConfig } from '../config.ts';
import { usage } from '../failure.ts';
import { durationOf } from './duration-option.ts';
import { type Standing, statusText } from './status-text.ts';

/** Which environments a command looks at. */
export interface EnvironmentOptions {
  readonly environment?: string;
  readonly allEnvironments?: boolean;
}

/** Options that say which records. */
export interface FilterOptions extends EnvironmentOptions {
  readonly operation?: string;
  readonly run?: number;
  readonly scope?: string;
  readonly status?: Standing;
  readonly stuck?: boolean;
  readonly held?: boolean;
  readonly unknown?: boolean;
  readonly workflow?: string;
  readonly idPrefix?: string;
  readonly text?: string;
  readonly startedAfter?: number;
  readonly startedBefore?: number;
}

export function addEnvironmentOptions(command: Command): Command {
  return command
    .option(
      '-e, --environment <name>',
      'records of this environment (default: that of the configuration)',
      someText,
    )
    .option(
      '--all-environments',
      'records of every environment, also where the configuration has one',
    );
}

export function addFilterOptions(command: Command): Command {
  return addEnvironmentOptions(command)
    .option('-o, --operation <name>', 'records of this operation', someText)
    .addOption(
      new Option(
        '-s, --status <status>',
        'records in this status, as list shows it; in_progress also has those that are stuck, held or unknown',
      ).choices(['in_progress', 'completed', 'failed', ...abandoned]),
    )
    .option('--stuck', 'records in progress whose lease is over: stuck, held or unknown')
    .option(
      '--held',
      'those of them that wait for an operator: held, or unknown and not taken over',
    )
    .option('--unknown', 'those of them of which nobody knows whether their effect happened')
    .option('--workflow <id>', 'the steps of the workflow with this record id', someText)
    .option('-t, --text <text>', 'records with this text in the preview of their key', someText)
    .option('--scope <scope>', 'records of this scope', someText)
    .option('--run <number>', 'records of this run', wholeNumber)
    .option('--id-prefix <prefix>', 'records whose id begins so', someText)
    .option('--started-after <when>', "started since: '2h' for two hours ago, or a date", timeOf)
    .option('--started-before <when>', 'started before', timeOf);
}

/** What is in progress, and nobody executes it. A record is in one of these, whatever stores find together. */
const abandoned: readonly Standing[] = ['stuck', 'held', 'unknown'];

/** What the filter cannot say of the records that are asked for. */
export function conditionOf({
  status,
}: FilterOptions): ((record: IdempotencyRecord) => boolean) | undefined {
  if (status === undefined || !abandoned.includes(status)) return undefined;
  return (record) => statusText(record, Date.now()) === status;
}

/** The filter of a command; {@link conditionOf} has the rest. Null for the environment asks for all of them. */
export function filterOf(options: FilterOptions, config: TwiceproofConfig): RecordFilter {
  return { environment: environmentOf(options, config), ...conditionsOf(options) };
}

function conditionsOf(options: FilterOptions) {
  const { operation, run, scope, status, workflow } = options;
  const { idPrefix, text, startedAfter, startedBefore } = options;
  const isAsked = (standing: 'stuck' | 'held' | 'unknown') =>
    options[standing] || status === standing ? true : undefined;
  return {
    operation,
    run,
    scope,
    status: isStored(status) ? status : 'in_progress',
    stuck: isAsked('stuck'),
    held: isAsked('held'),
    unknown: isAsked('unknown'),
    workflow,
    idPrefix,
    text,
    startedAfter,
    startedBefore,
  };
}

function isStored(
  status: Standing | undefined,
): status is Exclude<Standing, 'stuck' | 'held' | 'unknown'> | undefined {
  return status === undefined || !abandoned.includes(status);
}

/** The environment to look at; null for all of them. */
export function environmentOf(
  { environment, allEnvironments }: EnvironmentOptions,
  config: TwiceproofConfig,
): string | null {
  if (allEnvironments && environment !== undefined) {
    throw usage('--environment and --all-environments contradict each other; give one');
  }
  return allEnvironments ? null : (environment ?? config.environment ?? null);
}

/** Whether the options say more than which environment. */
export function isNarrow(options: FilterOptions): boolean {
  return Object.values(conditionsOf(options)).some((value) => value !== undefined);
}

/** A script's empty variable must not ask for every record. */
function someText(text: string): string {
  if (text === '') throw new InvalidArgumentError('It is empty; give text, or leave it out.');
  return text;
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

function timeOf(text: string): number {
  if (/^\d+(\.\d+)?[a-z]+$/.test(text)) return Date.now() - durationOf(text);
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new InvalidArgumentError("Give how long ago, such as '30m' or '2h', or an ISO date.");
  }
  return time;
}
