import { describe, expect, test } from 'vitest';
import { documents } from './document.ts';
import { faultOf, shellCommands } from './shell-command.ts';

const all = documents().flatMap(shellCommands);

describe.each([...new Set(all.map((each) => each.file))])('%s', (file) => {
  test.each(all.filter((each) => each.file === file))('line $number: $text', ({ text }) => {
    expect(faultOf(text)).toBeUndefined();
  });
});

test.each([
  ['npx -y pnpm@1.0.0 test', 'names pnpm@1.0.0, and package.json names'],
  ['pnpm no-such-script', 'runs no-such-script, which is not a script of twiceproof'],
  ['pnpm --filter @twiceproof/none test', 'filters for @twiceproof/none'],
  [
    'npm install @twiceproof/core @twiceproof/none',
    'installs @twiceproof/none, which is not published',
  ],
])('finds what is wrong with: %s', (command, fault) => {
  expect(faultOf(command)).toContain(fault);
});

test.each([
  'pnpm test',
  'pnpm run build',
  'pnpm --filter @twiceproof/core test',
  'pnpm install',
  'npm install @twiceproof/core pg',
  'git clone somewhere',
])('has nothing to say about: %s', (command) => {
  expect(faultOf(command)).toBeUndefined();
});
