/** Nobody knows what became of a request: its connection is not to be used again. */
export class InDoubt extends Error {}

/** `work`, or an {@link InDoubt} when it takes longer than `ms`. The work itself is not ended by that. */
export async function within<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new InDoubt(`${what} within the timeout of the store`)),
    ms,
  );
  try {
    return await Promise.race([work, over]);
  } catch (error) {
    // Whatever becomes of it now, somebody has to take the answer.
    work.catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
