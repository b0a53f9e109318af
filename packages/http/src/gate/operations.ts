import { outcomeUnknown, type Wrapped } from '@twiceproof/core';
import { nodeCrypto } from '@twiceproof/core/toolkit';
import type { HttpCall, Produced } from './http-call.ts';
import type { RecordedResponse } from './recorded-response.ts';
import { onlyNamed } from './response-headers.ts';
import { isRecordedByDefault, type Settings } from './settings.ts';

type HttpOperation<Req> = Wrapped<unknown, [call: HttpCall<Req>], RecordedResponse>;

// Operations without a name of their own are as many as a router has patterns, or a client has paths.
const mostNames = 1_000;
const longestNameBytes = 200;

/** Responses that `record` does not want. */
const unwanted = new WeakSet<RecordedResponse>();

/** The operations of one route, by name. */
export function operations<Req>(settings: Settings<Req>): (name: string) => HttpOperation<Req> {
  const made = new Map<string, HttpOperation<Req>>();
  return (name) => {
    const known = made.get(name);
    if (known) return known;
    if (made.size >= mostNames) made.clear();
    const operation = operationOf(settings, clipped(name));
    made.set(name, operation);
    return operation;
  };
}

function operationOf<Req>(settings: Settings<Req>, operation: string): HttpOperation<Req> {
  const { options, core } = settings;
  const { run, input, scope, attributes } = options;
  return options.idempotency.wrap(
    (call: HttpCall<Req>): Promise<RecordedResponse> =>
      call.run!(call.echo).then((produced) => {
        call.produced = produced;
        return recorded(settings, produced);
      }),
    {
      ...core,
      operation,
      verdict: (response) =>
        unwanted.has(response) ? 'release' : (core.verdict?.(response) ?? 'record'),
      key: ({ key }) => key,
      fingerprint: (call) => call.fingerprint,
      attributes: ({ incoming: { request, route } }) => ({
        ...(route === undefined ? {} : { 'http.route': route }),
        ...attributes?.(request),
      }),
      ...(scope === 'public' ? {} : { scope: (call) => call.scope }),
      ...(run === undefined
        ? {}
        : { run: typeof run === 'function' ? ({ incoming }) => run(incoming.request) : run }),
      ...(input === undefined
        ? {}
        : { input: input === false ? false : ({ incoming }) => input(incoming.request) }),
    },
  );
}

function recorded<Req>(settings: Settings<Req>, produced: Produced): RecordedResponse {
  const { status, body, thrown, broken } = produced;
  if (thrown) throw thrown.error;
  // Whatever it was that the response told of may have happened.
  if (broken) throw outcomeUnknown(broken.error);
  const headers = onlyNamed(produced.headers, settings.recordedNames);
  const response: RecordedResponse = body
    ? { status, headers, body }
    : { status, headers, body: new Uint8Array(), omitted: true };
  if (!isRecorded(settings, produced)) unwanted.add(response);
  return response;
}

/** The work is done by now, so a question that cannot be answered must not free its key. */
function isRecorded<Req>({ isRecorded: asked }: Settings<Req>, produced: Produced): boolean {
  const { status, bytes } = produced;
  // It looks at the status alone.
  if (asked === isRecordedByDefault) return isRecordedByDefault(produced);
  try {
    const headers = new Headers();
    // One that no server sends is refused here already.
    for (const [name, value] of produced.headers) headers.append(name, value);
    return asked({ status, headers, bytes }) !== false;
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : 'it threw no Error';
    console.error(`Twiceproof: record failed for a response of ${status}. ${why}`);
    return isRecordedByDefault(produced);
  }
}

/** As long as an operation's name may be; what is cut off still tells two from each other. */
function clipped(name: string): string {
  if (Buffer.byteLength(name) <= longestNameBytes) return name;
  const digest = nodeCrypto().hash('sha256', name, 'base64url').slice(0, 16);
  const kept = Buffer.from(name).subarray(0, longestNameBytes - digest.length - 4);
  return `${kept.toString().replace(/\uFFFD$/, '')}…${digest}`;
}
