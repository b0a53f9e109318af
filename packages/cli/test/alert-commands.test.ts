import { readFileSync } from 'node:fs';
import { outcomeUnknown } from '@twiceproof/core';
import { expect, test } from 'vitest';
import {
  backends,
  claim,
  closeStoresAfterwards,
  execute,
  fail,
  newApplication,
} from './backends.ts';
import { importable, newFolder, removeFoldersAfterwards } from './folders.ts';
import { twiceproof } from './run-cli.ts';

closeStoresAfterwards();
removeFoldersAfterwards();

const rules = readFileSync(
  new URL('../../../apps/observability/prometheus/alerts.yaml', import.meta.url),
  'utf8',
);
const postgres = backends.find(({ name }) => name === 'Postgres')!;

/** The commands that the text of an alert names, for the operation `ship`. */
function commandsOf(alert: string): readonly (readonly string[])[] {
  const text = rules.split('- alert: ').find((each) => each.startsWith(`${alert}\n`))!;
  const commands = [...text.replace(/\s+/g, ' ').matchAll(/`twiceproof ([^`]+)`/g)];
  return commands.map(([, command]) =>
    command!.replace("'{{ $labels.idempotency_operation_name }}'", 'ship').split(' '),
  );
}

async function badNight() {
  const application = await newApplication(postgres);
  const { idempotency, store } = application;
  const lose = () => {
    throw outcomeUnknown(new Error('no answer'));
  };
  await claim(application, 'busy', 600_000);
  await claim(application, 'stuck', 1, 'reexecute');
  await claim(application, 'held', 1);
  await execute(idempotency, 'ship', 'lost', lose);
  await execute(idempotency, 'ship', 'failed', () => fail());
  await execute(idempotency, 'ship', 'done');
  for (const work of [lose, fail]) await execute(idempotency, 'mail', work.name, work);
  await expect
    .poll(async () => (await store.list({ stuck: true, operation: 'ship', limit: 9 })).records, {
      timeout: 30_000,
    })
    .toHaveLength(3);
  return application;
}

test('the commands that the alerts name find what they are about, and act on it', async () => {
  const { url, idempotency } = await badNight();
  const cwd = newFolder({
    'twiceproof.config.mjs': `
import pg from '${importable('pg')}';
import { postgresStore } from '${importable('@twiceproof/postgres')}';
import { defineConfig } from '${importable('@twiceproof/cli')}';
const client = new pg.Pool({ connectionString: '${url.split('?')[0]}' });
export default defineConfig({
  environment: 'prod',
  store: postgresStore({ client, schema: '${new URL(url).searchParams.get('schema')}' }),
  probe: ({ keyPreview }) => ({ completed: 'found ' + keyPreview }),
  close: () => client.end(),
});
`,
  });
  const keys = async (...command: readonly string[]) => {
    const { code, stdout, stderr } = await twiceproof([...command, '--json'], { cwd });
    expect({ code, stderr }, command.join(' ')).toEqual({ code: 0, stderr: '' });
    const { records } = JSON.parse(stdout) as { records: { keyPreview: string }[] };
    return records.map(({ keyPreview }) => keyPreview).sort();
  };
  const stateOf = async (key: string) =>
    (await idempotency.records.list({ operation: 'ship', text: key })).records[0]?.status;

  const [stuck] = commandsOf('IdempotentCallsStuck');
  expect(await keys(...stuck!)).toEqual(['busy', 'held', 'lost', 'stuck']);
  const [failing] = commandsOf('IdempotentCallsFailing');
  expect(await keys(...failing!)).toEqual(['failed']);

  const [unknown, askUnknown] = commandsOf('IdempotentOutcomesUnknown');
  expect(await keys(...unknown!)).toEqual(['lost']);
  const askedUnknown = await twiceproof([...askUnknown!, '--yes'], { cwd });
  expect(askedUnknown.stdout).toBe('asked about 1 record: 1 completed\n');
  expect(await stateOf('lost')).toBe('completed');

  const [held, askHeld] = commandsOf('IdempotentCallsHeld');
  expect(await keys(...held!)).toEqual(['held']);
  const askedHeld = await twiceproof([...askHeld!, '--yes'], { cwd });
  expect(askedHeld.stdout).toBe('asked about 1 record: 1 completed\n');
  expect(await stateOf('held')).toBe('completed');
  expect(await stateOf('stuck')).toBe('in_progress');

  const [verify] = commandsOf('IdempotencyStoreErrors');
  expect((await twiceproof(verify!, { cwd })).stdout).toContain('clock agrees');
});

test('every alert leads to its section of the documentation', () => {
  const page = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8');
  const headings = [...page.matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading!);
  const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, alert]) => alert!);
  expect(headings).toEqual(expect.arrayContaining(alerts));
  for (const alert of alerts) {
    expect(rules).toContain(`docs/operating.md#${alert.toLowerCase()}\n`);
  }
});
