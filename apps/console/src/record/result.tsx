import type { IdempotencyRecord } from '@twiceproof/core';
import type { JSX } from 'preact';
import { Fault, faultOf } from '../connection/fault.ts';
import { act } from '../connection/request.ts';
import { CopyButton } from '../text/copy-button.tsx';
import { VisibleBlock } from '../text/visible-text.tsx';
import { bytesText, numberText } from '../text/words.ts';
import type { ShownResult } from '../wire.ts';
import { change, type OpenRecord } from './open-record.ts';

/** What a replay answers. It may hold personal data, so somebody has to ask for it. */
export function Result({
  opened: { id, result, resultVersion },
  record,
}: {
  opened: OpenRecord;
  record: IdempotencyRecord;
}): JSX.Element {
  const { version, outcomeBytes } = record;
  const isCurrent = resultVersion === version;
  const askFor = async () => {
    change(id, { result: 'asking', resultVersion: version });
    try {
      change(id, { result: await act<ShownResult>('result', { id }) });
    } catch (error) {
      change(id, { result: faultOf(error) });
    }
  };
  return (
    <section>
      <h3>{record.lastError ? 'Recorded error in full' : 'Result'}</h3>
      {!isCurrent || result === undefined || result === 'asking' ? (
        <p class="hidden-result">
          <button type="button" disabled={isCurrent && result === 'asking'} onClick={askFor}>
            {isCurrent && result === 'asking'
              ? 'Decoding…'
              : record.lastError
                ? 'Show the error'
                : 'Show the result'}
          </button>
          <span class="hint">
            {outcomeBytes === undefined ? '' : `${bytesText(outcomeBytes)}, hidden. `}It may hold
            personal data; that you looked is noted in the audit log.
          </span>
        </p>
      ) : result instanceof Fault ? (
        <p class="notice bad" role="alert">
          {result.message}{' '}
          <button type="button" class="link" onClick={askFor}>
            Try again
          </button>
        </p>
      ) : (
        <Decoded id={id} result={result} />
      )}
    </section>
  );
}

function Decoded({
  id,
  result: { kind, text, cutFrom },
}: {
  id: string;
  result: ShownResult;
}): JSX.Element {
  if (kind === 'omitted') return <p class="notice">{text}</p>;
  return (
    <div class="decoded">
      <VisibleBlock text={text} most={8_000} />
      {cutFrom !== undefined && (
        <p class="hint">
          These are the first {numberText(text.length)} of {numberText(cutFrom)} characters. For all
          of them: <code>twiceproof show {id} --result</code>
        </p>
      )}
      <div class="tools">
        <CopyButton text={text} what="result" />
        <button type="button" class="quiet" onClick={() => change(id, { result: undefined })}>
          Hide
        </button>
      </div>
    </div>
  );
}
