import { createInterface } from 'node:readline';
import { exitCodes, Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Asks on the terminal, and ends the command unless the answer is yes. */
export async function confirm({ stdin, stderr }: Terminal, question: string): Promise<void> {
  if (!stdin.isTTY || !stderr.isTTY) {
    throw new Failure(
      exitCodes.refused,
      'nothing was changed: there is no terminal to ask on; give --yes to go ahead without asking',
    );
  }
  stderr.write(`${question} [y/N] `);
  const answer = await nextLine(stdin);
  if (answer === undefined) stderr.write('\n');
  if (!/^y(es)?$/i.test(answer?.trim() ?? '')) {
    throw new Failure(exitCodes.refused, 'nothing was changed: you did not say yes');
  }
}

/** Undefined where the input ends instead. */
function nextLine(input: NodeJS.ReadableStream): Promise<string | undefined> {
  return new Promise((resolve) => {
    const lines = createInterface({ input, terminal: false });
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => resolve(undefined));
  });
}
