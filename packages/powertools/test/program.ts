import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Language, powertoolsForPython } from './languages.ts';
import type { CallRequest, HashRequest, Said } from './programs/requests.ts';
import { lineOf } from './programs/serve.ts';

/** A process that is asked one thing after the other, or several at once. */
export interface Program {
  ask(request: CallRequest | HashRequest): Promise<Said>;
  stop(): void;
}

export const lambda = 'orders-fn';
const folder = join(import.meta.dirname, 'programs');

/** A process of code that is written in TypeScript. */
export function startTypescript(name: 'old-code' | 'new-code'): Program {
  return startProgram(process.execPath, [join(folder, `${name}.ts`)], process.env);
}

/** A process of code that uses Powertools. */
export async function startOldCode(language: Language): Promise<Program> {
  if (language === 'typescript') return startTypescript('old-code');
  const python = await powertoolsForPython();
  return startProgram(python.command, [join(folder, 'old_code.py')], python.env);
}

function startProgram(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Program {
  const region = { AWS_DEFAULT_REGION: 'eu-west-1', AWS_LAMBDA_FUNCTION_NAME: lambda };
  const child = spawn(command, args, {
    env: { ...env, ...region },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (text) => {
    complaints += text;
  });
  const waiting = new Map<number, PromiseWithResolvers<Said>>();
  let next = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { n, ...said } = JSON.parse(line) as Said & { readonly n: number };
    waiting.get(n)?.resolve(said);
    waiting.delete(n);
  });
  child.once('close', () => {
    for (const { reject } of waiting.values()) reject(new Error(`it ended: ${complaints}`));
  });
  return {
    ask: (request) => {
      const answered = Promise.withResolvers<Said>();
      waiting.set(++next, answered);
      child.stdin.write(lineOf({ ...request, n: next }));
      return answered.promise;
    },
    stop: () => stop(child),
  };
}

function stop(child: ChildProcess): void {
  child.kill('SIGKILL');
}
