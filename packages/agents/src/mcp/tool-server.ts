import type { FieldSchemas, StandardSchema } from '../schema/standard-schema.ts';

/** What a tool answers, as both generations of the MCP SDK take it. */
export interface ToolResult {
  content?: unknown[];
  structuredContent?: unknown;
  isError?: boolean;
  _meta?: Record<string, unknown>;
  [member: string]: unknown;
}

/** As much of the server of the MCP SDK, 1.x or 2.x, as is used. */
export interface ToolServer {
  // biome-ignore lint/suspicious/noExplicitAny: the signatures of the two generations have nothing in common
  registerTool(...args: any[]): unknown;
  readonly server: {
    // biome-ignore lint/suspicious/noExplicitAny: looked at only for what a handler is given
    fallbackRequestHandler?: (request: any, extra: any) => unknown;
  };
}

/** What the server's SDK hands to a handler beside the input. */
export type ToolExtra<Server extends ToolServer> = Server['server'] extends {
  fallbackRequestHandler?: (request: never, extra: infer Extra) => unknown;
}
  ? Extra
  : never;

/** The input that a schema gives; undefined for a tool without input. */
export type ToolInput<Schema> =
  Schema extends StandardSchema<infer Output>
    ? Output
    : Schema extends FieldSchemas
      ? FieldInput<Schema>
      : undefined;

type FieldInput<Fields extends FieldSchemas> = {
  [Name in keyof Fields as undefined extends ToolInput<Fields[Name]> ? never : Name]: ToolInput<
    Fields[Name]
  >;
} & {
  [Name in keyof Fields as undefined extends ToolInput<Fields[Name]> ? Name : never]?: ToolInput<
    Fields[Name]
  >;
};

/** A handler as the SDK takes it: a tool without input gets the extra alone. */
export type ToolHandler<Schema, Extra, Result> = Schema extends undefined
  ? (extra: Extra) => Result | Promise<Result>
  : (input: ToolInput<Schema>, extra: Extra) => Result | Promise<Result>;

/** What the SDK takes of a tool beside its handler. */
export interface ToolConfig<Schema, Idempotency> {
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema?: Schema;
  readonly outputSchema?: unknown;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly _meta?: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
  readonly idempotency: Idempotency;
}
