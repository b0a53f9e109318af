/** Answers that wait for their time; all are given up when their channel closes. */
export class DelayedAnswers {
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Answers after `ms`, unless the channel closes before. A process that ends does not wait for it. */
  after(ms: number, answer: () => void): void {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      answer();
    }, ms).unref();
    this.#timers.add(timer);
  }
}
