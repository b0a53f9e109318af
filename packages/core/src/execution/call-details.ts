import type { CallAttributes, CallInfo, CallOutcome } from '../instrumentation.ts';
import { previewOf, previewOfJson } from '../key/preview.ts';
import type { StoredRecord } from '../store.ts';

const keyPreviewBytes = 256;

/** What all calls of one operation have in common. */
export interface OfOperation {
  readonly operation: string;
  readonly environment: string;
  readonly storeName: string;
  readonly attributes: ((...args: never) => CallAttributes) | undefined;
  readonly workflow: string | undefined;
}

/** A call, as core fills in what it learns of it. */
export class CallDetails implements CallInfo {
  readonly operation: string;
  readonly environment: string;
  readonly storeName: string;
  readonly args: readonly unknown[];
  readonly attributes: OfOperation['attributes'];
  readonly workflow: string | undefined;
  run = 0;
  scope: string | undefined = undefined;
  id: string | undefined = undefined;
  inputChanged = false;
  outcome: CallOutcome | undefined = undefined;
  error: unknown = undefined;
  attempt: number | undefined = undefined;
  fence: number | undefined = undefined;
  record: StoredRecord | undefined = undefined;
  #preview: string | undefined = undefined;
  #isShown = false;
  #key: unknown = undefined;
  #json: string | undefined = undefined;

  constructor(of: OfOperation, args: readonly unknown[]) {
    this.operation = of.operation;
    this.environment = of.environment;
    this.storeName = of.storeName;
    this.args = args;
    this.attributes = of.attributes;
    this.workflow = of.workflow;
  }

  /** Made when it is first asked for, which is before the function runs: a replay may do without. */
  get keyPreview(): string | undefined {
    if (this.#isShown) {
      this.keyPreview =
        this.#json === undefined
          ? previewOf(this.#key, keyPreviewBytes)
          : previewOfJson(this.#json, keyPreviewBytes);
    }
    return this.#preview;
  }

  set keyPreview(preview: string | undefined) {
    this.#preview = preview;
    this.#isShown = false;
    this.#key = undefined;
  }

  /** Lets operators see the key. `json` is its canonical text, where that is JSON. */
  show(key: unknown, json: string | undefined): void {
    this.#key = key;
    this.#json = json;
    this.#isShown = true;
  }
}
