/** Operations of a store that a fault can hit. */
export const storeOperations = [
  'acquire',
  'renew',
  'complete',
  'release',
  'get',
  'delete',
  'list',
  'extend',
  'fill',
] as const;

export type StoreOperation = (typeof storeOperations)[number];

/** What happens to one request. */
export type StoreFault =
  /** The request never lands; the caller sees a broken connection. */
  | { readonly kind: 'request_lost' }
  /** The request lands, its answer does not; the caller sees a broken connection. */
  | { readonly kind: 'response_lost' }
  /** The caller sees a broken connection at once; the request lands `delayMs` later. */
  | { readonly kind: 'request_late'; readonly delayMs: number }
  /** The request lands `delayMs` late, and is then answered. */
  | { readonly kind: 'request_delayed'; readonly delayMs: number }
  /** The request lands at once, and is answered `delayMs` later. */
  | { readonly kind: 'response_delayed'; readonly delayMs: number }
  /** The request never lands; the caller sees this. */
  | { readonly kind: 'thrown'; readonly error: unknown };

/** One request, as a plan sees it. */
export interface StoreCall {
  readonly operation: StoreOperation;
  /** Undefined for `list`. */
  readonly id: string | undefined;
  /** 1 for the first request of this operation, 2 for the second, … */
  readonly nth: number;
}

/** Decides what happens to a request; undefined lets it through. */
export type FaultPlan = (call: StoreCall) => StoreFault | undefined;
