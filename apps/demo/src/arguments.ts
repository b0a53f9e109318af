import { parseArgs } from 'node:util';
import { DemoError } from './demo-error.ts';
import { defaultKey } from './order-key.ts';
import { type StepName, stepNames } from './pipeline.ts';
import { isMemoryAlone, readStoreStack, type StoreStack } from './stores/store-kinds.ts';

/** What the user asked for. */
export interface Arguments {
  readonly input: string | undefined;
  readonly key: string;
  readonly run: number;
  readonly fail: StepName | undefined;
  readonly killAfter: number | undefined;
  readonly workers: number;
  readonly effectMs: number;
  readonly store: StoreStack;
  readonly otlp: string | undefined;
  readonly state: string;
  readonly reset: boolean;
  readonly help: boolean;
}

export const defaults: {
  readonly key: string;
  readonly store: string;
  readonly state: string;
} = {
  key: defaultKey,
  store: 'pglite',
  state: '.twiceproof/demo',
};

const options = {
  input: { type: 'string' },
  key: { type: 'string' },
  run: { type: 'string', default: '0' },
  fail: { type: 'string' },
  'kill-after': { type: 'string' },
  workers: { type: 'string', default: '4' },
  'effect-ms': { type: 'string', default: '15' },
  store: { type: 'string', default: defaults.store },
  otlp: { type: 'string' },
  state: { type: 'string', default: defaults.state },
  reset: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export const help: string = `The order pipeline: every order is charged, shipped and notified once, although
the queue delivers it several times, to several workers.

  --fail STEP      make charge, ship or notify fail for every order; run again
                   without it, and only what is missing is executed
  --run N          re-execute on purpose: run 1, 2, … (default 0, the first)
  --kill-after N   after N deliveries, kill a worker in the middle of an effect
  --input FILE     your own deliveries, one JSON document per line
  --key PATH       what identifies an order in a delivery: a dotted path like
                   detail.orderId, or JMESPath; default, the S3 object:
  ${defaults.key}
  --store STORES   where the records are: postgres, redis or dynamodb, started
                   for this run unless POSTGRES_URL, REDIS_URL or
                   DYNAMODB_ENDPOINT names yours; sqlite, a file in DIR;
                   memory, with all workers in one process; several are
                   stacked, fastest first:
                   memory,redis,dynamodb (default ${defaults.store}, in DIR)
  --otlp URL       send spans and metrics to an OpenTelemetry collector, like
                   http://localhost:4318; the OTEL_* variables do so as well
  --workers N      worker processes, 1 to 16 (default ${options.workers.default})
  --effect-ms N    how long a provider takes (default ${options['effect-ms'].default})
  --state DIR      where records and ledger are kept (default ${defaults.state})
  --reset          forget what happened in that folder first

Exit code: 0 when every delivery ended well, or failed as --fail asked, 1 when
something else failed, 2 when the command line is wrong, 130 or 143 when a
signal stopped it.
`;

/** Reads the command line. Throws a `DemoError` that names what is wrong with it. */
export function readArguments(args: readonly string[]): Arguments {
  const values = parse(args[0] === '--' ? args.slice(1) : args);
  const { fail } = values;
  if (fail !== undefined && !isStep(fail)) {
    throw usage(`--fail ${fail}: there is no such step; give one of ${stepNames.join(', ')}`);
  }
  const store = readStoreStack(values.store);
  if (values['kill-after'] !== undefined && isMemoryAlone(store)) {
    throw usage(
      '--kill-after ends a worker process, and --store memory has none; give another store',
    );
  }
  return {
    input: filled(values.input, '--input', 'a file with one JSON document per line'),
    key: filled(values.key, '--key', 'a dotted path or a JMESPath expression') ?? defaults.key,
    run: whole(values.run, '--run', 0, Number.MAX_SAFE_INTEGER),
    fail,
    killAfter:
      values['kill-after'] === undefined
        ? undefined
        : whole(values['kill-after'], '--kill-after', 0, Number.MAX_SAFE_INTEGER),
    workers: whole(values.workers, '--workers', 1, 16),
    effectMs: whole(values['effect-ms'], '--effect-ms', 0, 60_000),
    store,
    otlp: httpUrl(values.otlp),
    state: filled(values.state, '--state', 'a folder')!,
    reset: values.reset,
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    // Node's message, without its advice on arguments that the demo does not take.
    const [first] = (error as Error).message.split(/\. |\n/);
    throw usage(first!.replace(/\.$/, ''));
  }
}

function isStep(name: string): name is StepName {
  return (stepNames as readonly string[]).includes(name);
}

function whole(text: string, option: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min} up` : `from ${min} to ${max}`;
  throw usage(`${option} is '${text}'; give a whole number ${range}`);
}

function httpUrl(text: string | undefined): string | undefined {
  if (text === undefined || /^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw usage(`--otlp is '${text}'; give a URL like http://localhost:4318`);
}

function filled(text: string | undefined, option: string, what: string): string | undefined {
  if (text?.trim() === '') throw usage(`${option} is empty; give ${what}`);
  return text;
}

function usage(message: string): DemoError {
  return new DemoError(`${message}; see --help`, { exitCode: 2 });
}
