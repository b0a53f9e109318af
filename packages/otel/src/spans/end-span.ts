import { diag, type Span, SpanStatusCode, type TimeInput } from '@opentelemetry/api';
import type { CallInfo, CallOutcome } from '@twiceproof/core';
import { errorTypeOf } from '../error-type.ts';
import { attributeNames, spanVerbs } from '../names.ts';
import type { Settings } from '../options.ts';
import { parseTraceparent } from '../traceparent.ts';
import { outcomeVerbs, wrongOutcomes } from './outcome-verbs.ts';

/** What went wrong. Messages are never recorded: data is in them. */
export interface Failure {
  readonly error: unknown;
}

/** Ends the span of a whole call: only now it is known how the call was answered. */
export function endExecuteSpan(
  span: Span,
  call: CallInfo,
  outcome: CallOutcome,
  settings: Settings,
  failure: Failure | undefined,
): void {
  if (span.isRecording()) {
    setCallAttributes(span, call);
    setOwnAttributes(span, call, settings);
    const { id, run, scope, inputChanged } = call;
    const verb = outcomeVerbs[outcome];
    if (verb !== spanVerbs.execute) span.updateName(`${verb} ${call.operation}`);
    if (id !== undefined) span.setAttribute(attributeNames.key, settings.keyOf(id));
    if (settings.keyParts) setKeyParts(span, call);
    span.setAttribute(attributeNames.run, run);
    if (scope !== undefined) span.setAttribute(attributeNames.scope, scope);
    if (inputChanged) span.setAttribute(attributeNames.workflowInputChanged, true);
    span.setAttribute(attributeNames.outcome, outcome);
    if (verb === spanVerbs.replay) linkToOriginal(span, call);
    if (failure) span.setAttribute(attributeNames.errorType, errorTypeOf(failure.error));
    if (wrongOutcomes.has(outcome)) span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

export function endRunSpan(
  span: Span,
  call: CallInfo,
  settings: Settings,
  failure: Failure | undefined,
): void {
  if (span.isRecording()) {
    setOwnAttributes(span, call, settings);
    if (failure) setFailure(span, failure);
  }
  span.end();
}

export function endWaitSpan(span: Span, outcome: CallOutcome, endedAt: TimeInput): void {
  span.setAttribute(attributeNames.outcome, outcome);
  span.end(endedAt);
}

export function endStoreSpan(
  span: Span,
  outcome: string | undefined,
  failure: Failure | undefined,
): void {
  if (outcome !== undefined) span.setAttribute(attributeNames.outcome, outcome);
  if (failure) setFailure(span, failure);
  span.end();
}

/** What the operation, or the adapter that calls it, says of the call. */
function setCallAttributes(span: Span, call: CallInfo): void {
  if (!call.attributes) return;
  try {
    span.setAttributes(Reflect.apply(call.attributes, undefined, call.args));
  } catch (error) {
    diag.error(`attributes failed for ${call.operation}`, error);
  }
}

/** The preview of a key is made for who reads it. */
function setKeyParts(span: Span, { keyPreview }: CallInfo): void {
  if (keyPreview !== undefined) span.setAttribute(attributeNames.keyParts, keyPreview);
}

/** A team's own attributes come first, so that they cannot replace ours. */
function setOwnAttributes(span: Span, call: CallInfo, { spanAttributes }: Settings): void {
  if (!spanAttributes) return;
  try {
    const attributes = spanAttributes(call);
    if (attributes) span.setAttributes(attributes);
  } catch (error) {
    diag.error(`spanAttributes failed for ${call.operation}`, error);
  }
}

/** As a link, and as attributes: Jaeger and Grafana do not show who links to a span. */
function linkToOriginal(span: Span, call: CallInfo): void {
  const original = parseTraceparent(call.record?.traceparent);
  if (!original) return;
  span.addLink({ context: original });
  span.setAttribute(attributeNames.originalTraceId, original.traceId);
  span.setAttribute(attributeNames.originalSpanId, original.spanId);
}

function setFailure(span: Span, { error }: Failure): void {
  span.setAttribute(attributeNames.errorType, errorTypeOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
}
