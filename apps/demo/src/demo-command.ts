import { type Arguments, defaults } from './arguments.ts';
import { pathLabel } from './state-folder.ts';

/** The command that starts the demo again with what the user chose, other than `changes`. */
export function demoCommand(
  { input, key, store, otlp, state }: Pick<Arguments, 'input' | 'key' | 'store' | 'otlp' | 'state'>,
  changes: readonly string[],
): string {
  const kept = [
    ...(input === undefined ? [] : ['--input', quoted(input)]),
    ...(key === defaults.key ? [] : ['--key', quoted(key)]),
    ...(store.join() === defaults.store ? [] : ['--store', store.join()]),
    ...(otlp === undefined ? [] : ['--otlp', quoted(otlp)]),
    ...(state === defaults.state ? [] : ['--state', quoted(state)]),
  ];
  return [program(), ...kept, ...changes].join(' ');
}

function program(): string {
  const pnpm = /^pnpm\/(\S+)/.exec(process.env.npm_config_user_agent ?? '');
  return pnpm ? `npx -y pnpm@${pnpm[1]} demo` : `node ${pathLabel(process.argv[1]!)}`;
}

function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
