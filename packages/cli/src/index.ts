export { defineConfig, type TwiceproofConfig } from './config.ts';
export type { AuditEntry } from './console/audit-log.ts';
export type { ConsoleOptions, RunningConsole } from './console/console-options.ts';
export { startConsole } from './console/start-console.ts';
