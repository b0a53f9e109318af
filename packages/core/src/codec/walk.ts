import { Refusal } from '../values/refusal.ts';
import type { Tag } from './tags.ts';
import type { Types } from './type-codec.ts';

/** What one walk over a value finds out. */
export interface Walk {
  /** Bytes that may still be spent; a lower bound of the encoded size is taken from it. */
  room: number;
  tagged: boolean;
  /** Sum over all binaries of their bytes plus one, to check what msgpackr wrote. */
  binaries: number;
  /** The codecs for what is no plain data. */
  readonly types: Types | undefined;
}

/** A value that could be recorded, if it were smaller. */
export class TooLarge extends Refusal {}

export function newWalk(room: number, types: Types | undefined): Walk {
  return { room, tagged: false, binaries: 0, types };
}

export function spend(walk: Walk, bytes: number): void {
  walk.room -= bytes;
  if (walk.room < 0) throw new TooLarge('too large to be recorded', 'return less of it');
}

export function tagged(walk: Walk, tag: Tag, payload: unknown): Record<string, unknown> {
  walk.tagged = true;
  return { [tag]: payload };
}

/** Escapes a part of a value; handed down, because parts hold values and values hold parts. */
export type EscapePart = (part: unknown, walk: Walk, depth: number) => unknown;
