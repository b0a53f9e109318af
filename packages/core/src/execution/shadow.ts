import { encodeUnlessTooLarge } from '../codec/index.ts';
import { aboutRecord } from '../errors.ts';
import type { Policy } from '../options/policy.ts';
import type { Claim } from '../store.ts';
import { within } from '../within.ts';
import { bypass } from './bypass.ts';
import { type Answer, asItIs, type Call } from './call.ts';
import type { Deployment } from './deployment.ts';
import { answerCall } from './fast-door.ts';
import { isPassingRefusal } from './passing-refusal.ts';

/** Marks of work whose retention is for ever. */
const longestMarkMs = 30 * 86_400_000;

/** A store that has not answered by then, counted from the end of the function, does not hold it up. */
const graceMs = 250;

/**
 * Executes the function at once, whatever the store says, and finds out meanwhile how the call would
 * have ended: as `shadowed`, if it would have been replayed or refused.
 *
 * The engine itself is rehearsed, on marks: records in an environment of their own, so that no other
 * call is ever answered or refused by one. A mark says that there was such a call, when, and with which
 * fingerprint. It holds no key, input, result or message of an error.
 */
export async function shadow<T>(
  deployment: Deployment,
  call: Call,
  fn: () => T | Promise<T>,
): Promise<Answer<T>> {
  const { runtime } = deployment;
  const { promise: ended, resolve: end } = Promise.withResolvers<Ended>();
  const findings = Promise.all([rehearse(deployment, call, ended), isReplayable(deployment, call)]);
  return counted(deployment, call, fn, end, async (value) => {
    const [refusal, isReplay] =
      (await within(findings, graceMs, () => undefined, runtime.clock)) ?? [];
    return refusal ?? (isReplay ? {} : unkeepable(call, value));
  });
}

/** The same for a call that could not even be made, e.g. because its key is missing. */
export function shadowRefused<T>(
  deployment: Deployment,
  call: Pick<Call, 'info' | 'instrumentation'>,
  fn: () => T | Promise<T>,
  error: unknown,
): Promise<Answer<T>> {
  return counted(
    deployment,
    call,
    fn,
    () => {},
    async () => ({ error }),
  );
}

/** How the function ended. */
type Ended = { readonly value: unknown } | { readonly error: unknown };

/** How a call would have ended, if not by executing: refused with an error, or replayed without one. */
interface Refusal {
  readonly error?: unknown;
}

async function counted<T>(
  deployment: Deployment,
  { info, instrumentation }: Pick<Call, 'info' | 'instrumentation'>,
  fn: () => T | Promise<T>,
  end: (how: Ended) => void,
  judge: (value?: T) => Promise<Refusal | undefined>,
): Promise<Answer<T>> {
  let answer: Answer<T>;
  try {
    // A rehearsal gives up nothing that the function does without it.
    answer = await bypass(deployment, info, fn, instrumentation, null);
  } catch (error) {
    end({ error });
    await judge();
    // Whoever decides by the outcome must hear of the failure, which is real.
    info.outcome = 'failed';
    throw error;
  }
  end({ value: answer.value });
  const refusal = await judge(answer.value);
  info.outcome = refusal ? 'shadowed' : 'executed';
  info.error = refusal?.error;
  return answer;
}

/** Takes the call through the engine on its mark. Undefined if it would have executed. */
async function rehearse(
  deployment: Deployment,
  call: Call,
  ended: Promise<Ended>,
): Promise<Refusal | undefined> {
  const { policy } = call;
  let thrown: unknown;
  const failure = (): ReturnType<Exclude<Policy['failure'], string>> => {
    if (isPassingRefusal(thrown)) return 'release';
    return typeof policy.failure === 'function' ? policy.failure(thrown) : policy.failure;
  };
  const info = { ...call.info };
  const { fingerprint, inputDigest } = call;
  const claim = markOf(call.claim, policy);
  const { completed, failed } = policy.retention;
  const mark: Call = {
    info,
    id: claim.id,
    fingerprint,
    inputDigest,
    policy: {
      ...policy,
      failure,
      retention: { completed: completed ?? longestMarkMs, failed: failed ?? longestMarkMs },
      // Nobody's probe is asked for a rehearsal, and nobody waits for one.
      abandoned: policy.abandoned === 'reexecute' ? 'reexecute' : 'hold',
      inProgress: 'reject',
      result: 'omit',
    },
    claim,
    instrumentation: undefined,
    signal: undefined,
    adopt: undefined,
    details: { retirement: policy.retirement },
  };
  try {
    const observed = async (): Promise<unknown> => {
      const end = await ended;
      if ('value' in end) return end.value;
      thrown = end.error;
      throw new Error('it failed');
    };
    await answerCall(deployment, mark, observed, asItIs);
  } catch {
    // Told by the outcome.
  }
  switch (info.outcome) {
    case 'executed':
    case 'failed':
    case 'unknown':
    case 'lease_lost':
      return undefined;
    case 'in_progress':
      return policy.inProgress === 'reject' ? { error: info.error } : {};
    case 'store_error':
      return policy.storeOutage === 'reject' ? { error: info.error } : undefined;
    case 'replayed':
    case 'replayed_error':
      return {};
    default:
      return { error: info.error };
  }
}

function markOf(claim: Claim, { retention }: Policy): Claim {
  const environment = `${claim.environment}~shadow`;
  return {
    ...claim,
    id: `${encodeURIComponent(environment)}${claim.id.slice(claim.id.indexOf('/'))}`,
    environment,
    retentionMs: retention.completed ?? longestMarkMs,
    keyPreview: undefined,
    inputPreview: undefined,
    workflow: undefined,
  };
}

/** Whether a record of those who do enforce would have answered the call. */
async function isReplayable({ requests }: Deployment, { claim, details }: Call): Promise<boolean> {
  const { id } = claim;
  try {
    const record = await requests.askOnce('get', id, details, (options) =>
      requests.store.get(id, options),
    );
    return record?.status === 'completed';
  } catch {
    return false;
  }
}

/** A result that cannot be recorded is refused, although the work was done. */
function unkeepable({ policy, claim }: Call, value: unknown): Refusal | undefined {
  if (policy.result === 'omit') return undefined;
  try {
    encodeUnlessTooLarge(value, policy.layers.types);
    return undefined;
  } catch (error) {
    return { error: aboutRecord(error, claim.id) };
  }
}
