import type { RedisClient } from './client.ts';
import { engineError, faultWord } from './engine-errors.ts';
import { createLeaveServer } from './leave-server.ts';

/** Turns a fault of the client or the server into the one to throw; `recordId` is '' for no record. */
export type Fault = (error: unknown, recordId: string) => unknown;

/** What servers answer that a failover has made the wrong ones. */
const wrongServer: readonly string[] = ['READONLY', 'MASTERDOWN', 'LOADING'];

export function createFault(client: RedisClient): Fault {
  const isCluster = client.nodes !== undefined;
  const leaveServer = createLeaveServer(client);
  return (error, recordId) => {
    if (error instanceof Error && wrongServer.includes(faultWord(error))) leaveServer();
    return engineError(error, recordId, isCluster);
  };
}
