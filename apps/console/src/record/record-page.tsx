import { useComputed } from '@preact/signals';
import type { IdempotencyRecord } from '@twiceproof/core';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { closeRecord } from '../page/address.ts';
import { BackIcon, CloseIcon } from '../text/icons.tsx';
import { RecordId } from '../text/record-id.tsx';
import { stateOf } from '../text/record-state.ts';
import { serverNow } from '../text/server-clock.ts';
import { StateBadge } from '../text/state-badge.tsx';
import { VisibleBlock, VisibleText } from '../text/visible-text.tsx';
import { numberText } from '../text/words.ts';
import { Actions } from './actions.tsx';
import { Details } from './details.tsx';
import { Links } from './links.tsx';
import { NextCall } from './next-call.tsx';
import { change, type OpenRecord, open } from './open-record.ts';
import { Result } from './result.tsx';
import { Timeline } from './timeline.tsx';

/** Everything about one record. */
export function RecordPage(): JSX.Element | null {
  const opened = open.value;
  if (!opened) return null;
  return <Opened key={opened.id} opened={opened} />;
}

function Opened({ opened }: { opened: OpenRecord }): JSX.Element {
  const ref = useRef<HTMLElement>(null);
  const { id, record, fault, isGone } = opened;
  useEffect(() => {
    // In a narrow window the list is not there any more.
    if (document.activeElement === document.body) ref.current!.focus();
  }, []);
  return (
    <article class="record" ref={ref} tabIndex={-1} aria-label="Record">
      <div class="bar-of-record">
        <button type="button" class="back" onClick={closeRecord}>
          <BackIcon /> Records
        </button>
        <RecordId id={id} isCopyable />
        <button
          type="button"
          class="icon close"
          title="Close (Esc)"
          aria-label="Close the record"
          onClick={closeRecord}
        >
          <CloseIcon />
        </button>
      </div>
      {fault && (
        <p class="notice bad" role="alert">
          {fault.message}
        </p>
      )}
      {isGone && !opened.conflict && (
        <p class="notice" role="alert">
          {record
            ? 'This record is gone: it expired, or somebody deleted it. The next call with its key starts afresh. Below is what was last seen of it.'
            : 'There is no such record: it never was, it expired, or somebody deleted it. Check the id, and the environment in it.'}
        </p>
      )}
      {!record && !fault && !isGone && <p class="hint">Loading the record…</p>}
      {record && <Shown record={record} opened={opened} />}
    </article>
  );
}

function Shown({ record, opened }: { record: IdempotencyRecord; opened: OpenRecord }): JSX.Element {
  const state = useComputed(() => stateOf(record, serverNow.value)).value;
  const { operation, run, keyPreview, inputPreview } = record;
  return (
    <>
      {opened.conflict && (
        <div class="notice conflict" role="alert">
          <p>{opened.conflict}</p>
          <button
            type="button"
            class="link"
            onClick={() => change(opened.id, { conflict: undefined })}
          >
            Understood
          </button>
        </div>
      )}
      <header class="title">
        <StateBadge key={state} state={state} record={record} />
        <h2>
          <VisibleText text={operation} />
          {run > 0 && <span class="tag">run {numberText(run)}</span>}
        </h2>
        {keyPreview !== undefined && (
          <p class="key">
            <VisibleText text={keyPreview} />
          </p>
        )}
        <NextCall record={record} state={state} />
      </header>
      {!opened.isGone && <Actions record={record} state={state} />}
      {record.lastError && <LastError record={record} />}
      <Timeline record={record} state={state} />
      <Previews keyPreview={keyPreview} inputPreview={inputPreview} />
      {record.status === 'completed' && <Result opened={opened} record={record} />}
      <Links links={opened.links} record={record} />
      <Details record={record} />
    </>
  );
}

function LastError({ record: { lastError, status } }: { record: IdempotencyRecord }): JSX.Element {
  const { name, message } = lastError!;
  const isReleased = name === 'Released';
  return (
    <section class={isReleased ? 'error released' : 'error'}>
      <h3>
        {isReleased
          ? 'Released by an operator'
          : status === 'completed'
            ? 'Recorded error'
            : 'Last error'}
      </h3>
      {!isReleased && (
        <p class="error-name">
          <VisibleText text={name} />
        </p>
      )}
      <VisibleBlock text={message} most={2_000} />
    </section>
  );
}

function Previews({
  keyPreview,
  inputPreview,
}: {
  keyPreview: string | undefined;
  inputPreview: string | undefined;
}): JSX.Element {
  const isSame = keyPreview !== undefined && keyPreview === inputPreview;
  return (
    <section>
      <h3>{isSame ? 'Key and input' : 'Key'}</h3>
      {keyPreview === undefined ? (
        <p class="hint">Not recorded, for keys that are personal data.</p>
      ) : (
        <VisibleBlock text={keyPreview} />
      )}
      {inputPreview !== undefined && !isSame && (
        <>
          <h3>Input</h3>
          <VisibleBlock text={inputPreview} />
        </>
      )}
    </section>
  );
}
