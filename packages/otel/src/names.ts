// Generated from registry/ by `pnpm generate`: change it there.

/** Attributes of spans and metrics. Dashboards, alerts and saved searches depend on them. */
export const attributeNames = {
  /** The operation, as the program names it. */
  operationName: 'idempotency.operation.name',
  /** The record id, a digest that carries no business data; every call of one key has it. */
  key: 'idempotency.key',
  /** The readable key; only where a team asks for it, since it may be personal data. */
  keyParts: 'idempotency.key.parts',
  /** The number of the intentional run; 0 is the first. */
  run: 'idempotency.run',
  /** The environment whose records are asked. */
  environment: 'idempotency.environment',
  /** The scope of the key, e.g. a tenant. */
  scope: 'idempotency.scope',
  /** Of a step, the record id of its workflow, by which all spans of one workflow are found. */
  workflowKey: 'idempotency.workflow.key',
  /** A workflow was called with another input than the one of which something was replayed. */
  workflowInputChanged: 'idempotency.workflow.input_changed',
  /** The store; a stack is named after its tiers. */
  storeName: 'idempotency.store.name',
  /** What the store was asked. */
  storeOperation: 'idempotency.store.operation',
  /** What came of a call, or what a store answered. */
  outcome: 'idempotency.outcome',
  /** Of a replay, the trace of the execution that it replays. */
  originalTraceId: 'idempotency.original.trace_id',
  /** Of a replay, the `run` span of the execution that it replays. */
  originalSpanId: 'idempotency.original.span_id',
  /** Which attempt at the work this is, from 1. */
  attempt: 'idempotency.attempt',
  /** The fencing token of the attempt; it rises with every claim. */
  fence: 'idempotency.fence',
  /** Whether a faster tier had the record. */
  hit: 'idempotency.hit',
  /** What an operator did to a record. */
  operatorAction: 'idempotency.operator.action',
  /** Who did it, as the tool was told. */
  operatorName: 'idempotency.operator.name',
  /** Why, as the tool was told. */
  operatorReason: 'idempotency.operator.reason',
  /** Whether it was done; it is not when the record had changed, or was not there. */
  operatorDone: 'idempotency.operator.done',
  /** What kind of error it was. */
  errorType: 'error.type',
} as const;

export const metricNames = {
  executions: 'idempotency.executions',
  executionDuration: 'idempotency.execution.duration',
  executionActive: 'idempotency.execution.active',
  waitDuration: 'idempotency.wait.duration',
  storeOperationDuration: 'idempotency.store.operation.duration',
  resultSize: 'idempotency.result.size',
  leaseLosses: 'idempotency.lease.losses',
  tierLookups: 'idempotency.tier.lookups',
} as const;

/** What an instrument is made with. */
export const metricDetails = {
  executions: {
    unit: '{execution}',
    description: 'Calls of idempotent operations, by how they ended.',
  },
  executionDuration: {
    unit: 's',
    description: 'Duration of calls of idempotent operations.',
  },
  executionActive: {
    unit: '{execution}',
    description: 'Calls of idempotent operations that are under way.',
  },
  waitDuration: {
    unit: 's',
    description: 'Time that calls spent waiting for the result of another executor.',
  },
  storeOperationDuration: {
    unit: 's',
    description: 'Duration of requests to the store.',
  },
  resultSize: {
    unit: 'By',
    description: 'Size of encoded results, before compression and encryption.',
  },
  leaseLosses: {
    unit: '{lease}',
    description: "Leases that were over, or another executor's, while the function ran.",
  },
  tierLookups: {
    unit: '{lookup}',
    description: 'Look-ups in the faster stores of a stack, by whether they found the record.',
  },
} as const;

/** First words of span names; the operation or the action follows. A key never stands in a name. */
export const spanVerbs = {
  execute: 'execute',
  replay: 'replay',
  refuse: 'refuse',
  run: 'run',
  wait: 'wait',
  operate: 'operate',
} as const;

/** Says by which version of these names a reader of telemetry should read them. */
export const schemaUrl =
  'https://raw.githubusercontent.com/twiceproof/twiceproof/main/packages/otel/schemas/0.1.0';

/** The instrumentation scope. */
export const scopeName = '@twiceproof/otel';

/** What is counted together because telling it apart would make too many series. */
export const otherLabel = '_OTHER';
