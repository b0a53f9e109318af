/** What the two generations of the SDK hand to a handler, as far as it is looked at. */
interface Extra {
  readonly _meta?: Record<string, unknown>;
  readonly requestInfo?: unknown;
  readonly authInfo?: unknown;
  readonly mcpReq?: { readonly _meta?: Record<string, unknown> };
  readonly http?: unknown;
}

const longestKey = 255;

/** The key that the client chose; `'unusable'` for one that is none. */
export function clientKey(extra: unknown): { readonly ownKey?: string } | 'unusable' {
  const { _meta, mcpReq } = (extra ?? {}) as Extra;
  const key = (mcpReq?._meta ?? _meta)?.idempotencyKey;
  if (key === undefined) return {};
  const isUsable = typeof key === 'string' && key.trim() !== '' && key.length <= longestKey;
  return isUsable ? { ownKey: key } : 'unusable';
}

/** Whether users may share the server, because it is reached over HTTP. */
export function isShared(extra: unknown): boolean {
  const { requestInfo, authInfo, http } = (extra ?? {}) as Extra;
  return requestInfo !== undefined || authInfo !== undefined || http !== undefined;
}
