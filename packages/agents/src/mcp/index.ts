export { registerTool } from './register-tool.ts';
export type { ToolConfig, ToolExtra, ToolHandler, ToolResult, ToolServer } from './tool-server.ts';
