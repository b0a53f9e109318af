import type { Idempotency } from '@twiceproof/core';
import type { AuditLog } from './audit-log.ts';
import type { OverviewCounter } from './overview-counter.ts';

/** What the routes of the API work with. */
export interface ConsoleContext {
  readonly idempotency: Idempotency;
  readonly environment: string | undefined;
  readonly label: string;
  readonly links: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
  readonly audit: AuditLog;
  readonly overviews: OverviewCounter;
  /** Environments of the records that were shown so far. */
  readonly seenEnvironments: Set<string>;
}
