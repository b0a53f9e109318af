import { Command } from 'commander';
import { expect, test } from 'vitest';
import { fakeTerminal } from '../../test/fake-terminal.ts';
import { createRunner } from '../command-call.ts';
import { commands } from './commands.ts';

test.each(commands)(
  'the help lists the operands that $name has',
  async ({ name, operands, load }) => {
    const command = new Command(name);
    (await load())(command, createRunner(fakeTerminal().terminal));
    expect(command.usage()).toBe(operands === undefined ? '[options]' : `[options] ${operands}`);
  },
);
