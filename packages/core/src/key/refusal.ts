import { IdempotencyError } from '../errors.ts';
import { className } from './object-kind.ts';
import { joinPath } from './value-path.ts';

/** What is being encoded, in the words of the message. */
export type Subject = 'key' | 'fingerprint';

interface Frame {
  readonly segment: string;
  readonly container: object;
}

/**
 * Why a value cannot be encoded. Thrown where the value is met and given one path segment by each
 * container on the way out, so that the encoder keeps no path while all is well.
 */
export class Refusal {
  /** Innermost first. */
  private readonly frames: Frame[] = [];
  private readonly what: string;
  private readonly advice: string;
  private readonly details: { readonly cause?: unknown };

  constructor(what: string, advice: string, details: { readonly cause?: unknown } = {}) {
    this.what = what;
    this.advice = advice;
    this.details = details;
  }

  /** The refusal that `thrown` is or, for an error of the value's own code, means. */
  static of(thrown: unknown): Refusal {
    if (thrown instanceof Refusal) return thrown;
    const type = typeof thrown === 'object' && thrown !== null ? className(thrown) : typeof thrown;
    return new Refusal(`a value that threw ${type ?? 'an object'} when read`, 'see the cause', {
      cause: thrown,
    });
  }

  /** Adds the container that is being left and where in it the value was; with no segment, the
   * container is itself at fault. */
  within(container: object, segment: string | undefined): this {
    if (segment !== undefined) this.frames.push({ segment, container });
    return this;
  }

  toError(subject: Subject): IdempotencyError<'KEY_UNSUPPORTED'> {
    const frames = this.frames.toReversed();
    const cycle = findCycle(frames);
    const what = cycle ? cycleText(cycle.from, subject) : this.what;
    const advice = cycle ? 'leave it out' : this.advice;
    const path = cycle ? cycle.to : pathOf(frames);
    return new IdempotencyError(
      'KEY_UNSUPPORTED',
      path === ''
        ? `the ${subject} itself is ${what}; ${advice}`
        : ` at ${path}: ${what} cannot be part of a ${subject}; ${advice}`,
      { ...this.details, path },
    );
  }
}

/** A value that contains itself ends at the depth limit; its message should still say what it is. */
function findCycle(frames: readonly Frame[]): { from: string; to: string } | undefined {
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

function cycleText(from: string, subject: Subject): string {
  return `a reference back to ${from === '' ? `the ${subject} itself` : from}`;
}

function pathOf(frames: readonly Frame[]): string {
  return joinPath(frames.map((frame) => frame.segment));
}
