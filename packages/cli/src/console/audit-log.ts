import { closeSync, openSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { usage } from '../failure.ts';
import { makeFolder } from '../make-folder.ts';
import { visibleJson } from '../output/visible-text.ts';
import { Refusal } from './refusal.ts';

/** What an operator did, or tried to do. */
export interface AuditEntry {
  /** ISO time. */
  readonly at: string;
  readonly by: string;
  readonly action:
    | 'sign-in'
    | 'result'
    | 'release'
    | 'complete'
    | 'delete'
    | 'extend'
    | 'reconcile';
  readonly recordId?: string | undefined;
  /** The version of the record that the operator saw. */
  readonly version?: string | undefined;
  readonly reason?: string | undefined;
  /** Id of the action on many records that this was a part of. */
  readonly job?: string | undefined;
  /** The conditions of an action on many records. */
  readonly filter?: Readonly<Record<string, string>> | undefined;
  /** What came of an action on many records: how many were counted before, looked at, changed, … */
  readonly counts?: Readonly<Record<string, number>> | undefined;
  /** `refused` and `changed` (somebody was faster) left the record alone. An action on many records is
   * `started`, and has another entry for each record that it changed, and one when it has ended. */
  readonly outcome: 'started' | 'done' | 'stopped' | 'changed' | 'refused' | 'failed';
  /** Why it was not done, or who stopped it. */
  readonly detail?: string | undefined;
}

export interface AuditLog {
  /** Throws `AUDIT` where what was done before could not be written down: nothing more is done then. */
  check(): void;
  note(entry: Omit<AuditEntry, 'at'>): void;
  close(): void;
}

/** JSON lines, appended to `file`, and told to `tell`. Fails at once if the file cannot be written. */
export function openAuditLog(
  file: string | undefined,
  tell: (entry: AuditEntry, line: string) => void,
): AuditLog {
  const handle = file === undefined ? undefined : open(file);
  let unwritten = '';

  const write = (): void => {
    if (handle === undefined) unwritten = '';
    while (unwritten !== '') {
      const bytes = Buffer.from(unwritten);
      unwritten = bytes.subarray(writeSync(handle!, bytes)).toString();
    }
  };

  return {
    check() {
      try {
        write();
      } catch (cause) {
        throw new Refusal(
          'AUDIT',
          `Nothing was done, because the audit log cannot be written (${(cause as Error).message}). Make room, then try again.`,
        );
      }
    },
    note(entry) {
      const complete: AuditEntry = { at: new Date().toISOString(), ...entry };
      const line = visibleJson(JSON.stringify(complete));
      tell(complete, line);
      unwritten += `${line}\n`;
      try {
        write();
      } catch {
        // It is done already. The next request tries again, and is refused if that fails as well.
      }
    },
    close() {
      if (handle !== undefined) closeSync(handle);
    },
  };
}

function open(file: string): number {
  try {
    makeFolder(dirname(resolve(file)));
    return openSync(file, 'a', 0o600);
  } catch (cause) {
    throw usage(
      `the audit log ${file} cannot be written (${(cause as Error).message}); give another one with --audit`,
      { cause },
    );
  }
}
