import { within } from '@twiceproof/core/toolkit';
import type { RedisClient, RedisNode } from './client.ts';
import { everyMaster } from './every-master.ts';
import type { Fault } from './fault.ts';
import { nodeName } from './master-nodes.ts';
import { parseInfo } from './server-info.ts';

/** A setting of a server under which records can be lost. */
export interface RedisWarning {
  readonly code:
    | 'evicts_records'
    | 'not_persistent'
    | 'acknowledges_before_disk'
    | 'writes_without_replicas'
    | 'too_old'
    | 'settings_unreadable';
  /** `host:port`. */
  readonly server: string;
  readonly message: string;
}

/** Looks for settings of every master that put records at risk. */
export async function verify(client: RedisClient, fault: Fault): Promise<readonly RedisWarning[]> {
  try {
    const warnings = await Promise.all((await everyMaster(client)).map(warningsOf));
    return warnings.flat();
  } catch (error) {
    throw fault(error, '');
  }
}

const patienceMs = 5_000;

async function warningsOf(node: RedisNode): Promise<RedisWarning[]> {
  const server = nodeName(node);
  const answer = await within(node.info(), patienceMs, () => undefined);
  if (answer === undefined) {
    const message = `no answer to INFO within ${patienceMs} ms: check that it runs`;
    return [{ code: 'settings_unreadable', server, message }];
  }
  const info = parseInfo(answer);
  const found: RedisWarning[] = [];
  const warn = (code: RedisWarning['code'], message: string) => {
    found.push({ code, server, message });
  };

  const version = info.get('redis_version') ?? '0';
  if (Number.parseInt(version, 10) < 7) warn('too_old', `it is ${version}; 7.0 is needed`);

  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') {
    const message = `maxmemory-policy is ${policy}: a server that is full forgets records, and their work is executed again; set noeviction`;
    warn('evicts_records', message);
  }
  try {
    const settings = await readSettings(node);
    if (info.get('aof_enabled') === '0') {
      const snapshots = settings.get('save') === '' ? 'nothing' : 'only snapshots';
      warn('not_persistent', `it keeps ${snapshots} over a restart; set appendonly yes`);
    } else if (settings.get('appendfsync') === 'no') {
      // Of everysec, which is the default, the documentation tells.
      const message =
        'appendfsync is no: with the machine it loses the last half minute or so of what it acknowledged, and that work is executed again; set appendfsync everysec, or always';
      warn('acknowledges_before_disk', message);
    }
    const hasReplicas = Number(info.get('connected_slaves') ?? 0) > 0;
    if (hasReplicas && settings.get('min-replicas-to-write') === '0') {
      const message =
        'min-replicas-to-write is 0: a master that is cut off goes on taking writes that its successor never sees; set 1 or more';
      warn('writes_without_replicas', message);
    }
  } catch (error) {
    const message = `CONFIG GET is refused (${(error as Error).message}): check appendonly, appendfsync and min-replicas-to-write by hand`;
    warn('settings_unreadable', message);
  }
  return found;
}

async function readSettings(node: RedisNode): Promise<Map<string, string>> {
  const names = ['save', 'appendfsync', 'min-replicas-to-write'];
  const answers = await Promise.all(names.map((name) => node.config('GET', name)));
  return new Map(answers.map((answer) => answer as [string, string]));
}
