import type { Idempotency, Probe } from '@twiceproof/core';
import type { AuditLog } from './audit-log.ts';
import type { BulkJobs } from './bulk/bulk-jobs.ts';
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
  readonly bulk: BulkJobs;
  /** What is asked about abandoned records. */
  readonly probe: Probe | undefined;
  /** Environments of the records that were shown so far. */
  readonly seenEnvironments: Set<string>;
}
