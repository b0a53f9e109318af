import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { BulkBar } from '../bulk/bulk-bar.tsx';
import { lookedAt, overview, totalOf } from '../overview/overview-state.ts';
import { about } from '../page/about.ts';
import { type Filter, type FilterName, filter, narrow, openRecord } from '../page/address.ts';
import { Count } from '../text/count.tsx';
import { CloseIcon } from '../text/icons.tsx';
import { RecordId } from '../text/record-id.tsx';
import { stateWords } from '../text/state-badge.tsx';
import { VisibleText } from '../text/visible-text.tsx';
import type { RecordState } from '../wire.ts';
import { list } from './list-session.ts';

const tabs: readonly (RecordState | undefined)[] = [
  undefined,
  'executing',
  'unknown',
  'held',
  'stuck',
  'failed',
  'completed',
];

const ages: readonly (readonly [string, Filter])[] = [
  ['Any time', {}],
  ['In the last 15 minutes', { newer: '15m' }],
  ['In the last hour', { newer: '1h' }],
  ['In the last 24 hours', { newer: '24h' }],
  ['In the last 7 days', { newer: '7d' }],
  ['More than an hour ago', { older: '1h' }],
  ['More than 24 hours ago', { older: '24h' }],
  ['More than 7 days ago', { older: '7d' }],
];

/** Which records the list has. */
export function Filters(): JSX.Element {
  const { environment, scope, run } = filter.value;
  const isUsual = environment === about.value?.environment && !scope && !run;
  const [isOpen, setOpen] = useState(!isUsual);
  return (
    <div class="filters">
      <div class="tabs" role="toolbar" aria-label="State">
        {tabs.map((state) => (
          <StateTab key={state ?? 'all'} state={state} />
        ))}
      </div>
      <div class="fields">
        <OperationField />
        <AgeField />
        <button type="button" class="more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Fewer filters' : 'More filters'}
        </button>
      </div>
      {isOpen && (
        <div class="fields">
          <EnvironmentField />
          <TextField name="scope" label="Scope" placeholder="Any scope" />
          <TextField name="run" label="Run" placeholder="Any run" pattern="[0-9]*" />
        </div>
      )}
      <Searched />
      <OfWorkflow />
      <BulkBar />
    </div>
  );
}

function StateTab({ state }: { state: RecordState | undefined }): JSX.Element {
  const counts = lookedAt.value;
  const count = counts && (state === undefined ? totalOf(counts) : counts[state]);
  const { isPartial } = overview.value ?? { isPartial: false };
  return (
    <button
      type="button"
      class={`tab ${state ?? 'all'}${count === 0 && !isPartial ? ' none' : ''}`}
      aria-pressed={filter.value.state === state}
      onClick={() => narrow({ state })}
    >
      {state === undefined ? 'All' : stateWords[state]}
      {count !== undefined && <Count count={count} isPartial={isPartial} />}
    </button>
  );
}

function OperationField(): JSX.Element {
  const chosen = filter.value.operation;
  const known = useComputed(
    () => overview.value?.operations.map(({ operation }) => operation) ?? [],
  );
  const names =
    chosen === undefined || known.value.includes(chosen) ? known.value : [chosen, ...known.value];
  return (
    <label>
      <span>Operation</span>
      <select
        value={chosen ?? ''}
        onChange={(event) => narrow({ operation: event.currentTarget.value })}
      >
        <option value="">All operations</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function AgeField(): JSX.Element {
  const { newer, older } = filter.value;
  const at = ages.findIndex(([, age]) => age.newer === newer && age.older === older);
  return (
    <label>
      <span>Started</span>
      <select
        value={String(at)}
        onChange={(event) => {
          const [, age] = ages[Number(event.currentTarget.value)]!;
          narrow({ newer: age.newer, older: age.older });
        }}
      >
        {at === -1 && (
          <option value="-1">
            {[newer && `In the last ${newer}`, older && `More than ${older} ago`]
              .filter(Boolean)
              .join(', ')}
          </option>
        )}
        {ages.map(([label], index) => (
          <option key={label} value={String(index)}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Environments are known from records alone. */
function EnvironmentField(): JSX.Element {
  const seen = new Set(
    (list.value?.rows.value ?? []).slice(0, 500).map((r) => r.record.environment),
  );
  return (
    <>
      <TextField
        name="environment"
        label="Environment"
        placeholder="All environments"
        suggests="environments"
      />
      <datalist id="environments">
        {[...seen].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

function TextField({
  name,
  label,
  placeholder,
  suggests,
  pattern,
}: {
  name: FilterName;
  label: string;
  placeholder: string;
  suggests?: string;
  pattern?: string;
}): JSX.Element {
  return (
    <label>
      <span>{label}</span>
      <input
        type="text"
        list={suggests}
        pattern={pattern}
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder}
        value={filter.value[name] ?? ''}
        onChange={(event) => {
          if (event.currentTarget.reportValidity())
            narrow({ [name]: event.currentTarget.value.trim() });
        }}
      />
    </label>
  );
}

/** Steps of one workflow are looked at. */
function OfWorkflow(): JSX.Element | null {
  const { workflow } = filter.value;
  if (workflow === undefined) return null;
  return (
    <p class="searched">
      Steps of the workflow
      <button type="button" class="link" onClick={() => openRecord(workflow)}>
        <RecordId id={workflow} />
      </button>
      <button
        type="button"
        class="icon"
        title="Show other records, too"
        aria-label="Show other records, too"
        onClick={() => narrow({ workflow: undefined })}
      >
        <CloseIcon />
      </button>
    </p>
  );
}

/** Says how the search was understood, and offers the other way. */
function Searched(): JSX.Element | null {
  const { text, idPrefix } = filter.value;
  const searched = text ?? idPrefix;
  if (searched === undefined) return null;
  return (
    <p class="searched">
      {text === undefined ? 'Record ids that begin with ' : 'Keys that are or contain '}
      <strong>
        <VisibleText text={searched} most={80} />
      </strong>
      <button
        type="button"
        class="link"
        onClick={() =>
          narrow(
            text === undefined
              ? { text: searched, idPrefix: undefined }
              : { idPrefix: searched, text: undefined },
          )
        }
      >
        {text === undefined ? 'search keys instead' : 'search record ids instead'}
      </button>
      <button
        type="button"
        class="icon"
        title="Clear the search"
        aria-label="Clear the search"
        onClick={() => narrow({ text: undefined, idPrefix: undefined })}
      >
        <CloseIcon />
      </button>
    </p>
  );
}
