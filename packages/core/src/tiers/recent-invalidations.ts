const remembered = 10_000;

/**
 * Which records changed lately, in the order of the changes. A copy that was read before a change
 * must not be put into a tier after it.
 */
export class RecentInvalidations {
  readonly #order = new Map<string, number>();
  #latest = 0;
  /** Everything up to here may have been forgotten, and counts as changed. */
  #forgotten = 0;

  /** The present moment, to ask later whether something changed since. */
  mark(): number {
    return this.#latest;
  }

  add(id: string): void {
    this.#order.delete(id);
    this.#order.set(id, ++this.#latest);
    if (this.#order.size <= remembered) return;
    const [oldest, moment] = this.#order.entries().next().value!;
    this.#order.delete(oldest);
    this.#forgotten = moment;
  }

  since(id: string, mark: number): boolean {
    return mark < this.#forgotten || (this.#order.get(id) ?? 0) > mark;
  }
}
