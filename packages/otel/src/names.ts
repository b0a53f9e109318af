/**
 * Attributes of spans and metrics. Dashboards, alerts and saved searches depend on every name in
 * this file.
 */
export const attributeNames = {
  operationName: 'idempotency.operation.name',
  /** The record id: it carries no business data. */
  key: 'idempotency.key',
  /** The readable key; only where a team asks for it. */
  keyParts: 'idempotency.key.parts',
  run: 'idempotency.run',
  /** Of a step: the record id of its workflow, by which all spans of one workflow are found. */
  workflowKey: 'idempotency.workflow.key',
  /** A workflow was called with another input than the one that was replayed. */
  workflowInputChanged: 'idempotency.workflow.input_changed',
  environment: 'idempotency.environment',
  scope: 'idempotency.scope',
  storeName: 'idempotency.store.name',
  storeOperation: 'idempotency.store.operation',
  outcome: 'idempotency.outcome',
  /** On a replay: the `run` span of the execution that is replayed. */
  originalTraceId: 'idempotency.original.trace_id',
  originalSpanId: 'idempotency.original.span_id',
  attempt: 'idempotency.attempt',
  fence: 'idempotency.fence',
  hit: 'idempotency.hit',
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

/** First words of span names; the operation or the store follows. A key never stands in a name. */
export const spanVerbs = {
  execute: 'execute',
  replay: 'replay',
  refuse: 'refuse',
  run: 'run',
  wait: 'wait',
} as const;

/** The instrumentation scope. */
export const scopeName = '@twiceproof/otel';

/** What is counted together because telling it apart would make too many series. */
export const otherLabel = '_OTHER';
