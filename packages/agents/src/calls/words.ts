/** What a call is about, as a model may be told. */
export interface Subject {
  readonly tool: string;
  /** The work, in the words of the call: `orderId 'A-1'`. */
  readonly work: string;
}

const leaveIt = 'Do not call it again on your own';

export function aboutFields(tool: string, fields: Readonly<Record<string, unknown>>): Subject {
  const parts = Object.entries(fields).map(([name, value]) => `${name} ${clipped(value)}`);
  return { tool, work: parts.length === 0 ? 'this input' : parts.join(', ') };
}

/** Of a call under a key that its caller chose: its fields need not be those of an earlier one. */
export function aboutKey(tool: string, key: string): Subject {
  return { tool, work: `the idempotency key ${clipped(key)}` };
}

export function doneBefore({ tool, work }: Subject, when: number | undefined): string {
  const at = when === undefined ? '' : `, at ${new Date(when).toISOString()}`;
  return `'${tool}' was already done before for ${work}${at}. It was not done again; this is its result from then:`;
}

export function doneWithoutResult({ tool, work }: Subject, when: number | undefined): string {
  const at = when === undefined ? '' : `, at ${new Date(when).toISOString()}`;
  return `'${tool}' was already done before for ${work}${at}. It was not done again, and its result from then was not kept. ${leaveIt}.`;
}

export function doneUnrecorded({ tool, work }: Subject): string {
  return `'${tool}' was done for ${work}, but that could not be recorded. ${leaveIt}: it might be done twice. This is its result:`;
}

export function inProgress({ tool, work }: Subject): string {
  return `'${tool}' for ${work} is being done right now by an earlier call that has not ended. This call began nothing. ${leaveIt}; say that it is under way.`;
}

export function unknown(subject: Subject, recordId: string | undefined, why?: string): string {
  const { tool, work } = subject;
  const begun = why === undefined ? 'an earlier call' : 'this call';
  const cause = why ? ` (${why})` : '';
  return `Nobody knows whether '${tool}' for ${work} was done: ${begun} began it and got no answer${cause}. ${leaveIt}, it might be done twice. Look whether its effect is there for ${work}, or ask a person to; ${recordName(recordId)}.`;
}

export function held(subject: Subject, recordId: string | undefined): string {
  return `${unknown(subject, recordId)} A person has to decide first.`;
}

export function otherPayload({ tool, work }: Subject, fields: readonly string[]): string {
  const what = fields.length === 0 ? 'something else in its input' : `another ${fields.join(', ')}`;
  return `'${tool}' was asked for before for ${work} with ${what}. This call did nothing, and the earlier one stands. ${leaveIt}; say what differs.`;
}

export function unavailable({ tool, work }: Subject): string {
  return `'${tool}' for ${work} could not be begun: whether it was done before cannot be looked up right now. This call did nothing. ${leaveIt}; say that it is not available.`;
}

export function closing({ tool, work }: Subject): string {
  return `'${tool}' for ${work} was not begun, because the service is about to stop. This call did nothing.`;
}

export function lacking(tool: string, fields: readonly string[]): string {
  return `'${tool}' was not done: its input lacks ${fields.join(', ')}, which tells one piece of work from another. Call it again with ${fields.length === 1 ? 'it' : 'them'}.`;
}

export function unusable({ tool }: Subject, why: string): string {
  return `'${tool}' was not done, because of how it is set up or called: ${why}. ${leaveIt} in the same way.`;
}

export function withoutScope(tool: string): string {
  return `'${tool}' was not done: users share this server, and the tool does not say whose call it is. Its developer has to give idempotency.scope: a function of the call, or 'public'.`;
}

export function unusableKey(tool: string): string {
  return `'${tool}' was not done: _meta.idempotencyKey of the request has to be a text of 1 to 255 characters.`;
}

function recordName(recordId: string | undefined): string {
  return recordId === undefined ? 'there is no record of it' : `its record is ${recordId}`;
}

function clipped(value: unknown): string {
  // Not imported: it is seldom needed, and takes a cold start longer.
  const { inspect } = process.getBuiltinModule('node:util');
  const text = inspect(value, { breakLength: Number.POSITIVE_INFINITY });
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
