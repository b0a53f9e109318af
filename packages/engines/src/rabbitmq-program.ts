import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { debianPackages } from './debian-packages.ts';

export interface RabbitmqProgram {
  /** Erlang's root and the folder of its programs. */
  readonly erlang: string;
  readonly bin: string;
  /** The folder of RabbitMQ's release. */
  readonly release: string;
}

const erlangPackages = [
  ...['asn1', 'base', 'crypto', 'eldap', 'inets', 'mnesia', 'os-mon', 'parsetools', 'public-key'],
  ...['runtime-tools', 'ssl', 'syntax-tools', 'tools', 'xmerl'],
].map((name) => `erlang-${name}`);

/** Debian's RabbitMQ 3.10 and its Erlang, fetched into the cache folder. */
export async function rabbitmqProgram(): Promise<RabbitmqProgram> {
  const root = await debianPackages(
    'rabbitmq-3',
    ['rabbitmq-server', ...erlangPackages],
    'Set RABBITMQ_URL to a RabbitMQ of yours.',
  );
  const erlang = join(root, 'usr/lib/erlang');
  const bin = join(await only(erlang, /^erts-/), 'bin');
  const release = await only(join(root, 'usr/lib/rabbitmq/lib'), /^rabbitmq_server-/);
  return { erlang, bin, release };
}

async function only(folder: string, name: RegExp): Promise<string> {
  const found = (await readdir(folder)).find((each) => name.test(each));
  if (found === undefined) throw new Error(`${folder} holds nothing that matches ${name}`);
  return join(folder, found);
}
