/** What an effect is doing with its transaction. */
export class EffectActivity {
  #pending = 0;
  #answered = 0;
  #idleSince: number = performance.now();

  readonly onSent = (answer: Promise<unknown>): void => {
    this.#pending += 1;
    const onAnswer = () => {
      this.#pending -= 1;
      this.#answered += 1;
      this.#idleSince = performance.now();
    };
    answer.then(onAnswer, onAnswer);
  };

  /** Whether a statement of the effect is under way. */
  get isBusy(): boolean {
    return this.#pending > 0;
  }

  /** How many of its statements were answered. */
  get answered(): number {
    return this.#answered;
  }

  /** For how long nothing of it has been under way. */
  get idleMs(): number {
    return this.isBusy ? 0 : performance.now() - this.#idleSince;
  }
}
