import { stripVTControlCharacters } from 'node:util';
import { outcomeUnknown } from '@twiceproof/core';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import {
  type Application,
  backends,
  claim,
  closeStoresAfterwards,
  execute,
  fail,
  newApplication,
} from './backends.ts';
import { fakeTerminal } from './fake-terminal.ts';

closeStoresAfterwards();

const redis = backends.find(({ name }) => name === 'Redis')!;
const postgres = backends.find(({ name }) => name === 'Postgres')!;

describe('a change on a terminal', () => {
  const failed = async (): Promise<Application & { readonly id: string }> => {
    const application = await newApplication(redis);
    const id = await execute(application.idempotency, 'charge', 'p-1', fail);
    return { ...application, id };
  };

  test.each(['y', 'Yes'])('is made after %s', async (yes) => {
    const { url, idempotency, id } = await failed();
    const screen = fakeTerminal();
    const code = screen.run('delete', id, '--store', url);
    await screen.answer(yes);
    expect(await code).toBe(0);
    const [first, state, consequence, question] = screen.stderr().split('\n');
    expect(first).toBe(`  ${id}`);
    expect(state).toMatch(/^ {4}failed, started \d+s ago, attempt 1, key p-1$/);
    expect(consequence).toBe(
      '    Its attempts and its result are forgotten, and the next call executes.',
    );
    expect(question).toBe('Delete it? [y/N] ');
    expect(screen.stdout()).toBe(`deleted ${id}\n`);
    expect(await idempotency.records.get(id)).toBe(undefined);
  });

  test.each(['', 'n', 'yeah', 'no'])('is not made after %j', async (no) => {
    const { url, idempotency, id } = await failed();
    const screen = fakeTerminal();
    const code = screen.run('delete', id, '--store', url);
    await screen.answer(no);
    expect(await code).toBe(1);
    expect(screen.stderr()).toMatch(/nothing was changed: you did not say yes\n$/);
    expect(await idempotency.records.get(id)).toMatchObject({ status: 'failed' });
  });

  test('is not made when the input ends', async () => {
    const { url, idempotency, id } = await failed();
    const screen = fakeTerminal();
    screen.endInput();
    expect(await screen.run('delete', id, '--store', url)).toBe(1);
    expect(await idempotency.records.get(id)).toMatchObject({ status: 'failed' });
  });

  test('is not made to a record that changed while its operator was asked', async () => {
    const { url, idempotency, id } = await failed();
    const screen = fakeTerminal();
    const code = screen.run('release', id, '--store', url);
    await expect.poll(() => screen.stderr()).toContain('Release it?');
    await execute(idempotency, 'charge', 'p-1');
    await screen.answer('y');
    expect(await code).toBe(1);
    expect(screen.stderr()).toMatch(/has changed since it was looked at, and is completed now/);
    expect(await idempotency.records.get(id)).toMatchObject({ status: 'completed' });
  });

  test('is not made to a record that went away while its operator was asked', async () => {
    const { url, idempotency, id } = await failed();
    const screen = fakeTerminal();
    const code = screen.run('extend', id, '-r', '7d', '--store', url);
    await expect.poll(() => screen.stderr()).toContain('Extend it?');
    await idempotency.records.delete(id);
    await screen.answer('y');
    expect(await code).toBe(1);
    expect(screen.stderr()).toMatch(/is gone: it expired, or somebody deleted it\n$/);
  });

  test('says what several records come to, and what could not be done', async () => {
    const application = await failed();
    const { url, idempotency, id } = application;
    const done = await execute(idempotency, 'charge', 'p-2');
    const screen = fakeTerminal();
    const code = screen.run('release', id, done, '--store', url);
    await expect.poll(() => screen.stderr()).toContain('Release these 2?');
    expect(screen.stderr()).toContain('Its work is done, and runs once more at its next call.');
    await idempotency.records.delete(id);
    await screen.answer('y');
    expect(await code).toBe(1);
    expect(screen.stdout()).toBe(`released ${done}\n`);
  });
});

describe('a change of all that match', () => {
  test('counts them first, and asks', async () => {
    const { url, idempotency } = await newApplication(postgres);
    for (let n = 0; n < 3; n += 1) await execute(idempotency, 'charge', `p-${n}`);
    await execute(idempotency, 'charge', 'p-3', fail);
    const screen = fakeTerminal();
    const code = screen.run('release', '--where', '--operation', 'charge', '--store', url);
    await expect.poll(() => screen.stderr()).toContain('[y/N]');
    expect(screen.stderr()).toMatch(
      /^4 records match: (1 failed, 3|3 completed, 1) \w+\nRelease them\?/,
    );
    await screen.answer('y');
    expect(await code).toBe(0);
    expect(screen.stdout()).toBe('released 4 records\n');
  });

  test('tells apart what is stuck, held or of unknown outcome', async () => {
    const application = await newApplication(postgres);
    const { url, store, idempotency } = application;
    await claim(application, 'crashed', 1, 'reexecute');
    await claim(application, 'crashed, too', 1, 'reexecute');
    await claim(application, 'held', 1);
    await execute(idempotency, 'ship', 'lost', () => {
      throw outcomeUnknown(new Error('no answer'));
    });
    await expect
      .poll(async () => (await store.list({ stuck: true, limit: 9 })).records)
      .toHaveLength(4);
    const screen = fakeTerminal();
    const code = screen.run('release', '--where', '--stuck', '--store', url);
    await expect.poll(() => screen.stderr()).toContain('[y/N]');
    for (const part of ['4 records match: ', '2 stuck', '1 held', '1 unknown']) {
      expect(screen.stderr()).toContain(part);
    }
    await screen.answer('n');
    expect(await code).toBe(1);
  });

  test('leaves alone what started after the count', async () => {
    const { url, idempotency } = await newApplication(postgres);
    await execute(idempotency, 'charge', 'p-1');
    const screen = fakeTerminal();
    const code = screen.run('release', '--where', '--operation', 'charge', '--store', url);
    await expect.poll(() => screen.stderr()).toContain('1 record matches');
    const late = await execute(idempotency, 'charge', 'p-2');
    await screen.answer('y');
    expect(await code).toBe(0);
    expect(screen.stdout()).toBe('released 1 record\n');
    expect(await idempotency.records.get(late)).toMatchObject({ status: 'completed' });
  });

  test('leaves alone what was executing at the count and has ended since', async () => {
    const { url, idempotency } = await newApplication(postgres);
    await execute(idempotency, 'charge', 'p-1', fail);
    const work = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const late = execute(idempotency, 'charge', 'p-2', () => {
      begun.resolve();
      return work.promise;
    });
    await begun.promise;
    await execute(idempotency, 'charge', 'p-3', fail);
    const screen = fakeTerminal();
    const code = screen.run('release', '--where', '--operation', 'charge', '--store', url);
    await expect.poll(() => screen.stderr()).toContain('3 records match');
    work.resolve();
    const id = await late;
    await screen.answer('y');
    expect(await code).toBe(0);
    expect(screen.stdout()).toBe('released 2 records\n');
    expect(await idempotency.records.get(id)).toMatchObject({ status: 'completed' });
  });

  test('says that not everything was done where something is left out', async () => {
    const application = await newApplication(postgres);
    await execute(application.idempotency, 'ship', 'o-1', fail);
    await claim(application, 'o-2', 600_000);
    const screen = fakeTerminal();
    const where = ['--where', '-o', 'ship', '--store', application.url, '--yes'];
    expect(await screen.run('release', ...where)).toBe(1);
    expect(screen.stdout()).toBe('released 1 record\n');
    expect(screen.stderr()).toMatch(/1 record left alone/);
  });

  test('stops at Ctrl-C, and says how far it came', async () => {
    const { url, idempotency } = await newApplication(redis);
    const id = await execute(idempotency, 'charge', 'p-1');
    const screen = fakeTerminal({ isImpatient: true });
    const where = ['--where', '-o', 'charge', '--store', url, '--yes'];
    expect(await screen.run('release', ...where)).toBe(130);
    expect(screen.stdout()).toBe('released at least 0 records\n');
    expect(await idempotency.records.get(id)).toMatchObject({ status: 'completed' });
  });
});

describe('a list on a terminal', () => {
  const hostile = 'k\u001b]0;title\u0007\u001b[31m\u202e👩‍👩‍👧‍👦 漢字漢字漢字 \n\u009b2J';

  const filled = async () => {
    const application = await newApplication(postgres);
    const { idempotency } = application;
    await execute(idempotency, 'charge-payment', 'p-1');
    await execute(idempotency, 'charge-payment', hostile, () => fail(`no ${hostile}`));
    await execute(idempotency, 'ship order/ü', 'a long key, '.repeat(10), () => fail());
    return application;
  };

  test.each([60, 80, 140])('of %i columns is as wide as the terminal at most', async (columns) => {
    const { url } = await filled();
    const screen = fakeTerminal({ columns });
    expect(await screen.run('list', '--store', url)).toBe(0);
    const lines = screen.stdout().trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    expect(screen.stdout()).toMatch(/^prod\/charge-payment\/0\/[\w-]{8} +completed/m);
  });

  test('shows ids that show finds', async () => {
    const { url } = await filled();
    const screen = fakeTerminal();
    await screen.run('list', '--store', url);
    for (const line of screen.stdout().trimEnd().split('\n').slice(1)) {
      const [id] = line.split(' ');
      expect(await fakeTerminal().run('show', id!, '--store', url)).toBe(0);
    }
  });

  test('has no control characters of keys and errors, and no text that runs backwards', async () => {
    const { url } = await filled();
    for (const command of [['list'], ['list', '--json'], ['list', '--color', 'never']]) {
      const screen = fakeTerminal({ columns: 200 });
      expect(await screen.run(...command, '--store', url)).toBe(0);
      expect(screen.stdout()).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
    }
    const [id] = screenIds(await quiet(url));
    const shown = fakeTerminal();
    await shown.run('show', id!, '--store', url, '--result');
    expect(shown.stdout()).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  });

  const quiet = async (url: string) => {
    const screen = fakeTerminal();
    await screen.run('list', '--quiet', '--store', url);
    return screen.stdout();
  };
  const screenIds = (text: string) => text.trimEnd().split('\n');

  test('has colours where the terminal has them, and nobody refused them', async () => {
    const { url } = await filled();
    const coloured = fakeTerminal({ hasColors: true });
    await coloured.run('list', '--store', url);
    expect(coloured.stdout()).toContain('\u001b[32mcompleted');
    const plain = fakeTerminal({ hasColors: true });
    await plain.run('list', '--store', url, '--no-color');
    expect(plain.stdout()).not.toContain('\u001b');
    expect(stripVTControlCharacters(coloured.stdout())).toBe(plain.stdout());
    const forced = fakeTerminal();
    await forced.run('list', '--store', url, '--color', 'always');
    expect(forced.stdout()).toBe(coloured.stdout());
  });

  test('ends at Ctrl-C with what was found', async () => {
    const { url } = await filled();
    const screen = fakeTerminal({ isImpatient: true });
    expect(await screen.run('list', '--store', url, '--limit', '2')).toBe(130);
    expect(screen.stdout().trimEnd().split('\n')).toHaveLength(3);
    expect(screen.stderr()).toContain('go on with --cursor');
  });
});

test('one long name takes no column from the others, and leaves what finds its record', async () => {
  const { url, idempotency } = await newApplication(redis);
  const long = await execute(idempotency, 'a-name-that-goes-on-and-on-'.repeat(4), 'p-1');
  await execute(idempotency, 'charge', 'p-2', fail);
  const screen = fakeTerminal({ columns: 130 });
  expect(await screen.run('list', '--store', url)).toBe(0);
  const [heads = '', ...rows] = screen.stdout().split('\n');
  expect(heads).toMatch(/^ID +STATUS +TRY +STARTED +EXPIRES +KEY +ERROR$/);
  const [, digest] = /…\/([\w-]+) /.exec(rows.find((row) => row.includes('…/')) ?? '') ?? [];
  expect(long.slice(long.lastIndexOf('/') + 1).startsWith(digest!), digest).toBe(true);
  for (const row of rows) expect(stringWidth(row)).toBeLessThanOrEqual(130);
});

test('a whole digest finds its record, also where it begins with a hyphen', async () => {
  const { url, idempotency } = await newApplication(redis);
  let id = '';
  for (let n = 0; !id.includes('/-'); n += 1) {
    id = await execute(idempotency, 'charge', `p-${n}`);
  }
  const digest = id.slice(id.lastIndexOf('/') + 1);
  const screen = fakeTerminal();
  expect(await screen.run('show', digest, '--store', url), screen.stderr()).toBe(0);
  expect(screen.stdout()).toContain(id);
  expect(await screen.run('delete', digest, '--yes', '--store', url), screen.stderr()).toBe(0);
  expect(await idempotency.records.get(id)).toBe(undefined);
});
