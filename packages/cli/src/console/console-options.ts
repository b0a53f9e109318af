import type { Idempotency, Store } from '@twiceproof/core';
import type { ConfiguredProbe } from '../records/probe-of.ts';
import type { AuditEntry } from './audit-log.ts';

/** Options of {@link startConsole}: `idempotency`, or a `store`. */
export interface ConsoleOptions {
  /** What `createIdempotency` answered, with what it takes to read results and to compute ids. */
  readonly idempotency?: Idempotency | undefined;
  /** The store, where nothing else is needed; beside `idempotency` it lets the console know whether
   * the store can count. */
  readonly store?: Store | undefined;
  /** The environment to look at first. Default: all of them. */
  readonly environment?: string | undefined;
  /** What the page calls the store. Default: the store's name. */
  readonly label?: string | undefined;
  /** URL templates by label, as in `twiceproof.config.ts`. */
  readonly links?: Readonly<Record<string, string>> | undefined;
  /** Finds out whether the effect of an abandoned record happened, as in `twiceproof.config.ts`: one for
   * all operations, or one by operation. Without it, operators cannot have it asked. */
  readonly probe?: ConfiguredProbe | undefined;
  /** Address to listen at. Default `'127.0.0.1'`: nobody but this machine. */
  readonly host?: string | undefined;
  /** Port to listen at. Default 0: any that is free. */
  readonly port?: number | undefined;
  /** Further names under which browsers may reach the console, e.g. behind a proxy. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Refuses every change. Default `false`. */
  readonly readOnly?: boolean | undefined;
  /** Who the operator is, for the audit log and for instrumentation. Default `'operator'`. */
  readonly by?: string | undefined;
  /** File to which JSON lines are appended. Default: none. */
  readonly auditFile?: string | undefined;
  /** Told of each entry of the audit log. Default: writes its JSON line to stderr. */
  readonly onAudit?: ((entry: AuditEntry, line: string) => void) | undefined;
  /** Told of faults that nobody expected. Default: writes them to stderr. */
  readonly onFault?: ((fault: unknown) => void) | undefined;
}

/** A console that listens. */
export interface RunningConsole {
  /** Where it listens, e.g. `http://127.0.0.1:4571`. */
  readonly address: string;
  /** A link that signs one browser in, once. `by` is who will be using it. */
  link(options?: { readonly by?: string | undefined }): string;
  /** Ends what is going on, also an action on many records, and stops listening. The store stays open. */
  close(): Promise<void>;
}
