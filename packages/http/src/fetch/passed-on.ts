/** The body of a response that leaves while it is still being produced, all but its end. */
export class PassedOn {
  readonly stream: ReadableStream<Uint8Array>;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #isGone = false;
  #wake: (() => void) | undefined;

  constructor(begun: readonly Uint8Array[]) {
    this.stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
        for (const chunk of begun) controller.enqueue(chunk);
      },
      pull: () => this.#wake?.(),
      cancel: () => this.abandon(),
    });
  }

  /** Resolves when there is room for more. A client that is gone has room for everything. */
  async write(chunk: Uint8Array): Promise<void> {
    if (this.#isGone) return;
    this.#controller.enqueue(chunk);
    while (!this.#isGone && this.#controller.desiredSize! <= 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Nobody reads it any more. */
  abandon(): void {
    this.#isGone = true;
    this.#wake?.();
  }

  /** Lets the response end. */
  end(): void {
    if (!this.#isGone) this.#controller.close();
  }

  /** Lets the client see that it did not get what counts. */
  break(error: unknown): void {
    if (!this.#isGone) this.#controller.error(error);
  }
}
