import { joinPath } from './value-path.ts';

interface Frame {
  readonly segment: string;
  readonly container: object;
}

/** Where a value contains itself: the path of the container, and of the reference back to it. */
export interface Cycle {
  readonly from: string;
  readonly to: string;
}

/**
 * Why a value has no form. Thrown where the value is met and given one path segment by each container
 * on the way out, so that a walk keeps no path while all is well.
 */
export class Refusal {
  readonly what: string;
  readonly advice: string;
  /** `cause` is there if something was thrown. */
  readonly details: { readonly cause?: unknown };
  /** Innermost first. */
  readonly #frames: Frame[] = [];

  constructor(what: string, advice: string, details: { readonly cause?: unknown } = {}) {
    this.what = what;
    this.advice = advice;
    this.details = details;
  }

  /** Adds the container that is being left and where in it the value was; with no segment, the
   * container is itself at fault. */
  within(container: object, segment: string | undefined): this {
    if (segment !== undefined) this.#frames.push({ segment, container });
    return this;
  }

  get path(): string {
    return pathOf(this.#frames.toReversed());
  }

  /** A value that contains itself ends at the depth limit; its message should still say what it is. */
  get cycle(): Cycle | undefined {
    const frames = this.#frames.toReversed();
    const seen = new Map<object, number>();
    for (const [index, { container }] of frames.entries()) {
      const first = seen.get(container);
      if (first !== undefined) {
        return { from: pathOf(frames.slice(0, first)), to: pathOf(frames.slice(0, index)) };
      }
      seen.set(container, index);
    }
    return undefined;
  }
}

function pathOf(frames: readonly Frame[]): string {
  return joinPath(frames.map((frame) => frame.segment));
}
