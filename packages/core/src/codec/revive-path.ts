import {
  entrySegment,
  indexSegment,
  memberSegment,
  propertySegment,
} from '../values/value-path.ts';
import { UndecodableType } from './revive-typed.ts';
import { TAG } from './tags.ts';

/** Notes the way to a value that could not be decoded, as its containers are left. */
export function foundAt(thrown: unknown, segment: string): unknown {
  if (thrown instanceof UndecodableType) thrown.segments.push(segment);
  return thrown;
}

/** As {@link foundAt}, for what a tag holds as a list: says where it is in the value that is meant. */
export function foundInTag(thrown: unknown, tag: string, payload: unknown): unknown {
  if (!(thrown instanceof UndecodableType) || !Array.isArray(payload)) return thrown;
  const index = Number(thrown.segments.pop()?.slice(1, -1));
  const segment = segmentIn(tag, payload, index);
  return segment === undefined ? thrown : foundAt(thrown, segment);
}

function segmentIn(tag: string, list: readonly unknown[], index: number): string | undefined {
  switch (tag) {
    case TAG.map:
      return entrySegment(index >> 1, index % 2 === 0 ? 0 : 1);
    case TAG.set:
      return memberSegment(index);
    case TAG.object:
    case TAG.bareObject:
      return propertySegment(String(list[index - 1]));
    case TAG.array: {
      const key = String(list[index - 1]);
      return /^\d+$/.test(key) ? indexSegment(Number(key)) : propertySegment(key);
    }
    default:
      // What a codec gave is no part that the reader of a path would know.
      return undefined;
  }
}

interface Body {
  readonly [field: string]: unknown;
}

/** Says where in an error it is what was found in the body of its outcome. */
export function foundInError(thrown: unknown, body: unknown): unknown {
  if (!(thrown instanceof UndecodableType)) return thrown;
  const way = thrown.segments.splice(0).reverse();
  const found: string[] = [];
  let error = body as Body;
  for (let step = 0; step < way.length; ) {
    const field = way[step++]!.slice(1);
    const place = error[field];
    let slot = place;
    if (Array.isArray(place)) {
      const index = Number(way[step++]?.slice(1, -1));
      slot = place[index];
      found.push(
        ...(field === 'props'
          ? [propertySegment(String(place[index - 1]))]
          : [`.${field}`, indexSegment(index)]),
      );
    } else {
      found.push(`.${field}`);
    }
    if (way[step++] !== '.error') {
      found.push(...way.slice(step));
      break;
    }
    error = (slot as Body).error as Body;
  }
  thrown.segments.push(...found.reverse());
  return thrown;
}
