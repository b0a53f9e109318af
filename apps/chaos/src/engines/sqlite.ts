import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as elapsed } from 'node:timers/promises';
import { beyondLeaseMs } from '../timing.ts';
import type { Target } from './target.ts';

/** One file, which all workers write to; there is no server that could fail. */
export async function sqlite(): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'twiceproof-chaos-sqlite-'));
  const path = join(folder, 'idempotency.db');
  return {
    connection: { kind: 'sqlite', path },
    haveOneClock: true,
    async lock() {
      const other = new DatabaseSync(path, { timeout: 10_000 });
      other.exec('BEGIN IMMEDIATE');
      await elapsed(beyondLeaseMs);
      other.exec('ROLLBACK');
      other.close();
    },
    isLocked() {
      const other = new DatabaseSync(path, { timeout: 500 });
      try {
        other.exec('BEGIN IMMEDIATE; ROLLBACK');
        return false;
      } catch {
        return true;
      } finally {
        other.close();
      }
    },
    stop: () => rm(folder, { recursive: true }),
  };
}
