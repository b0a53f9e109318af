import type { IdempotencyRecord } from '@twiceproof/core';
import type { ComponentChildren, JSX } from 'preact';
import { closeRecord, narrow, openRecord } from '../page/address.ts';
import { CopyButton } from '../text/copy-button.tsx';
import { isWorkflow } from '../text/record-state.ts';
import { VisibleBlock, VisibleText } from '../text/visible-text.tsx';
import { numberText } from '../text/words.ts';

/** The rest of what the record holds, and the record as it is. */
export function Details({ record }: { record: IdempotencyRecord }): JSX.Element {
  const {
    id,
    environment,
    operation,
    run,
    scope,
    attempt,
    fence,
    fingerprint,
    traceparent,
    version,
    workflow,
    settledBy,
  } = record;
  const raw = JSON.stringify(record, null, 2);
  return (
    <section>
      <h3>Details</h3>
      <dl class="details">
        <Detail name="Record id">
          <code class="whole">{id}</code>
          <CopyButton text={id} what="record id" />
        </Detail>
        <Detail name="Environment">
          <VisibleText text={environment} />
        </Detail>
        <Detail name="Operation">
          <VisibleText text={operation} />
        </Detail>
        <Detail name="Run">{numberText(run)}</Detail>
        {scope !== undefined && (
          <Detail name="Scope">
            <VisibleText text={scope} />
          </Detail>
        )}
        {workflow !== undefined && (
          <Detail name="Step of">
            <button type="button" class="link" onClick={() => openRecord(workflow)}>
              <code class="whole">{workflow}</code>
            </button>
          </Detail>
        )}
        {isWorkflow(record) && (
          <Detail name="Steps">
            <button type="button" class="link" onClick={() => showSteps(id)}>
              Show its steps
            </button>
          </Detail>
        )}
        {settledBy !== undefined && (
          <Detail name="Settled by">
            <VisibleText text={settledBy.by} />
            {settledBy.reason !== undefined && (
              <>
                {': '}
                <VisibleText text={settledBy.reason} />
              </>
            )}
          </Detail>
        )}
        <Detail name="Attempt">{numberText(attempt)}</Detail>
        <Detail name="Fence">{numberText(fence)}</Detail>
        {fingerprint !== undefined && (
          <Detail name="Fingerprint">
            <code class="whole">{fingerprint}</code>
          </Detail>
        )}
        {traceparent !== undefined && (
          <Detail name="Traceparent">
            <code class="whole">{traceparent}</code>
          </Detail>
        )}
        <Detail name="Version">
          <code class="whole">{version}</code>
        </Detail>
      </dl>
      <details>
        <summary>Raw record</summary>
        <div class="decoded">
          <VisibleBlock text={raw} most={20_000} />
          <div class="tools">
            <CopyButton text={raw} what="raw record" />
          </div>
        </div>
      </details>
    </section>
  );
}

function showSteps(workflow: string): void {
  closeRecord();
  narrow({
    ...{ state: undefined, operation: undefined, scope: undefined, run: undefined },
    ...{ newer: undefined, older: undefined, text: undefined, idPrefix: undefined },
    workflow,
  });
}

function Detail({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
