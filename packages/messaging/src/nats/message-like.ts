/** What is used of a message of JetStream. */
export interface MessageLike {
  ackAck(): Promise<boolean>;
  nak(millis?: number): void;
  term(reason?: string): void;
  working(): void;
}

const firstWithReasons = [2, 11];

/**
 * Whether the server understands `term` with a reason. An older one takes it for no answer at all,
 * and delivers the message for ever.
 */
export function takesReason(message: unknown): boolean {
  const { msg } = message as { msg?: { publisher?: { info?: { version?: unknown } } } };
  const version = msg?.publisher?.info?.version;
  if (typeof version !== 'string') return false;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needed = 0, neededMinor = 0] = firstWithReasons;
  return major > needed || (major === needed && minor >= neededMinor);
}
