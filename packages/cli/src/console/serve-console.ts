import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdempotency, type Idempotency } from '@twiceproof/core';
import { usage } from '../failure.ts';
import { visibleText } from '../output/visible-text.ts';
import { checkProbe, probeOf } from '../records/probe-of.ts';
import { createHostCheck } from './allowed-hosts.ts';
import { openAuditLog } from './audit-log.ts';
import { createBulkJobs } from './bulk/bulk-jobs.ts';
import type { ConsoleContext } from './console-context.ts';
import type { ConsoleOptions, RunningConsole } from './console-options.ts';
import { hostName } from './loopback.ts';
import { createOverviewCounter } from './overview-counter.ts';
import { type PageFile, readPageFiles } from './page-files.ts';
import { createRequestHandler } from './request-handler.ts';
import { createSessions } from './sessions.ts';

/** Serves the page of this package. */
export async function serveConsole(options: ConsoleOptions): Promise<RunningConsole> {
  return serve(options, readPageFiles());
}

/** The same with the files of the page given. */
export async function serve(
  options: ConsoleOptions,
  files: ReadonlyMap<string, PageFile>,
): Promise<RunningConsole> {
  const { host = '127.0.0.1', port = 0, by = 'operator', allowedHosts = [], probe } = options;
  if (probe !== undefined) checkProbe(probe);
  const idempotency = idempotencyOf(options);
  const audit = openAuditLog(options.auditFile, options.onAudit ?? tellAudit);
  const onFault = options.onFault ?? tellFault;
  const bulk = createBulkJobs(idempotency.records, audit, onFault);
  const context: ConsoleContext = {
    idempotency,
    environment: options.environment,
    label: options.label ?? options.store?.name ?? 'store',
    links: options.links ?? {},
    readOnly: options.readOnly ?? false,
    audit,
    overviews: createOverviewCounter(idempotency.records, options.store?.stats !== undefined),
    bulk,
    probe: probe && probeOf(probe),
    seenEnvironments: new Set(options.environment === undefined ? [] : [options.environment]),
  };
  // An import of it would have Node load all that it has, `fetch` too: longer than the rest of the start.
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 });
  try {
    await listen(server, host, port);
  } catch (error) {
    audit.close();
    throw error;
  }
  const { port: actualPort } = server.address() as AddressInfo;
  // Cookies are shared by all ports of a machine.
  const cookieName = `twiceproof_console_${actualPort}`;
  const sessions = createSessions(cookieName, Date.now);
  const checkHost = createHostCheck(host, allowedHosts);
  server.on(
    'request',
    createRequestHandler({ context, files, sessions, cookieName, checkHost, onFault }),
  );
  const address = `http://${hostName(host)}:${actualPort}`;
  return {
    address,
    // The part after # stays in the browser: no log and no preview of links gets to see it.
    link: (own = {}) => `${address}/#token=${sessions.invite(own.by ?? by)}`,
    async close() {
      await Promise.all([bulk.end(), stop(server)]);
      // Whoever gave it ends it.
      if (!options.idempotency) await idempotency.close({ timeout: '5s' });
      audit.close();
    },
  };
}

function idempotencyOf({ idempotency, store }: ConsoleOptions): Idempotency {
  if (idempotency) return idempotency;
  if (!store) throw usage('startConsole was given neither idempotency nor a store; give one');
  return createIdempotency({ environment: 'unset', store, storeTimeout: '30s', enabled: true });
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(usage(`the console cannot listen at ${host}:${port}: ${whyNot(cause)}`, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

function whyNot({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'something else does already; give another --port';
  if (code === 'EACCES') return 'this port needs privileges; give one above 1023';
  if (code === 'EADDRNOTAVAIL') return 'this machine has no such address; correct --host';
  return message;
}

/** Requests get a moment to end. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Browsers keep connections that they do not use.
    const idle = setInterval(() => server.closeIdleConnections(), 20);
    const impatient = setTimeout(() => server.closeAllConnections(), 5_000);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(impatient);
      resolve();
    });
  });
}

function tellAudit(_entry: unknown, line: string): void {
  process.stderr.write(`${line}\n`);
}

function tellFault(fault: unknown): void {
  const text = fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault);
  process.stderr.write(`twiceproof: a request of the console failed: ${visibleText(text)}\n`);
}
