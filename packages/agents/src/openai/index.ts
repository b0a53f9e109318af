export { idempotentTool } from './idempotent-tool.ts';
