/** Everything that waits goes into one request, two of which are under way at most. */
export function batched<Item, Answer>(
  send: (items: readonly Item[]) => Promise<(item: Item) => Answer>,
): (item: Item) => Promise<Answer> {
  interface Waiting {
    readonly item: Item;
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let underWay = 0;
  let scheduled = false;

  const sendAll = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    underWay++;
    try {
      const answerTo = await send(batch.map(({ item }) => item));
      for (const { item, resolve } of batch) resolve(answerTo(item));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      underWay--;
      schedule();
    }
  };
  const schedule = (): void => {
    if (scheduled || underWay >= 2 || waiting.length === 0) return;
    scheduled = true;
    // What the same tick brings goes along.
    setImmediate(() => {
      scheduled = false;
      void sendAll();
    });
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      schedule();
    });
}
