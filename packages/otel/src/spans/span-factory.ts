import {
  type Attributes,
  INVALID_TRACEID,
  ProxyTracerProvider,
  type Span,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import type { CallInfo, OperatorActionInfo, StoreOperationInfo } from '@twiceproof/core';
import { attributeNames, schemaUrl, scopeName, spanVerbs } from '../names.ts';
import type { Settings } from '../options.ts';
import { version } from '../version.ts';

/** Starts spans. Answers undefined where nobody traces: then there is nothing to make active either. */
export interface SpanFactory {
  /** False as long as there is no SDK and no span to be a part of: then none of the others answers one. */
  readonly isHeard: boolean;
  execute(call: CallInfo): Span | undefined;
  run(call: CallInfo): Span | undefined;
  wait(call: CallInfo): Span | undefined;
  storeOperation(info: StoreOperationInfo): Span | undefined;
  operatorAction(info: OperatorActionInfo): Span | undefined;
}

const { operationName, environment, storeName, storeOperation, workflowKey, key } = attributeNames;

export function spanFactory(
  provider: TracerProvider | undefined,
  { keyOf }: Pick<Settings, 'keyOf'>,
): SpanFactory {
  const tracer = tracerLookup(provider);
  const start = (name: string, attributes?: Attributes): Span | undefined => {
    const span = tracer().startSpan(name, attributes && { attributes });
    return span.spanContext().traceId === INVALID_TRACEID ? undefined : span;
  };
  return {
    get isHeard() {
      return (
        !isNobody(provider ?? trace.getTracerProvider()) || trace.getActiveSpan() !== undefined
      );
    },
    execute: (call) => {
      const { operation, workflow } = call;
      const attributes: Attributes = {
        [operationName]: operation,
        [environment]: call.environment,
        [storeName]: call.storeName,
      };
      if (workflow !== undefined) attributes[workflowKey] = keyOf(workflow);
      return start(`${spanVerbs.execute} ${operation}`, attributes);
    },
    run: ({ operation, attempt, fence }) =>
      start(
        `${spanVerbs.run} ${operation}`,
        attempt === undefined
          ? undefined
          : { [attributeNames.attempt]: attempt, [attributeNames.fence]: fence },
      ),
    wait: ({ operation }) => start(`${spanVerbs.wait} ${operation}`),
    storeOperation: (info) =>
      start(`${info.operation} ${info.storeName}`, {
        [storeName]: info.storeName,
        [storeOperation]: info.operation,
        [key]: keyOf(info.id),
      }),
    operatorAction: ({ action, id, done, by, reason }) =>
      start(`${spanVerbs.operate} ${action}`, {
        [attributeNames.operatorAction]: action,
        [key]: keyOf(id),
        [attributeNames.operatorDone]: done,
        ...(by !== undefined && { [attributeNames.operatorName]: by }),
        ...(reason !== undefined && { [attributeNames.operatorReason]: reason }),
      }),
  };
}

function tracerLookup(given: TracerProvider | undefined): () => Tracer {
  let provider: TracerProvider | undefined;
  let tracer: Tracer;
  return () => {
    // The global one is a proxy that finds an SDK that starts later; another one means a new start.
    const current = given ?? trace.getTracerProvider();
    if (current !== provider) {
      tracer = current.getTracer(scopeName, version, { schemaUrl });
      provider = current;
    }
    return tracer;
  };
}

// What the API asks as long as nobody has registered an SDK.
const nobody = new ProxyTracerProvider().getDelegate();

function isNobody(provider: TracerProvider): boolean {
  return provider instanceof ProxyTracerProvider && provider.getDelegate() === nobody;
}
