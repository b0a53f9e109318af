import { kinds } from '../node-modules.ts';
import { clipText } from '../values/clip-text.ts';
import { className, isPlainObject } from '../values/object-kind.ts';
import { maxDepth } from './canonical.ts';
import { escapeUnseen } from './preview-text.ts';

/**
 * One readable line of at most `maxBytes` UTF-8 bytes for operators, ending in `…` where it was cut.
 *
 * Text stands as it is, anything else much like JSON: `{"id":12n,"at":2026-01-31T00:00:00.000Z}`.
 * Control characters are escaped. Of a value that has no such text it shows the type, of one that
 * throws when it is read that it does; it never throws itself.
 */
export function previewOf(value: unknown, maxBytes = 256): string {
  const line: Line = { text: '', longest: Math.max(0, maxBytes) };
  if (typeof value === 'string') line.text = escapeUnseen(value.slice(0, line.longest + 1));
  else write(line, value, 0);
  return clipText(line.text, line.longest);
}

/**
 * The same line for a key whose canonical text is known, where that is JSON: its names are in order, and
 * nothing of the value is read again.
 */
export function previewOfJson(canonical: string, maxBytes: number): string {
  return clipText(escapeUnseen(canonical.slice(0, maxBytes + 1)), maxBytes);
}

/** What is longer than `longest` will be cut, so nothing is read once the line is that long. */
interface Line {
  text: string;
  readonly longest: number;
}

const unreadable = Symbol('unreadable');

function write(line: Line, value: unknown, depth: number): void {
  switch (typeof value) {
    case 'string':
      line.text += quoted(value, line);
      return;
    case 'object':
      if (value === null) line.text += 'null';
      else writeObject(line, value, depth);
      return;
    case 'bigint':
      line.text += `${value}n`;
      return;
    case 'symbol':
    case 'function':
      line.text += value === unreadable ? '<unreadable>' : `<${typeof value}>`;
      return;
    default:
      line.text += String(value);
  }
}

function writeObject(line: Line, value: object, depth: number): void {
  const before = line.text;
  try {
    if (depth >= maxDepth) line.text += '…';
    else if (kinds.isDate(value)) line.text += dateText(value);
    else if (kinds.isUint8Array(value)) line.text += `<${value.byteLength} bytes>`;
    else if (!writeContainer(line, value, depth)) line.text += `<${className(value) ?? 'object'}>`;
  } catch {
    line.text = `${before}<unreadable>`;
  }
}

/** False for a value that is none. */
function writeContainer(line: Line, value: object, depth: number): boolean {
  const writeMember = (member: unknown): void => write(line, member, depth + 1);
  if (Array.isArray(value)) {
    writeList(line, '[', value, ']', writeMember);
  } else if (kinds.isSet(value)) {
    writeList(line, 'Set[', Set.prototype.values.call(value), ']', writeMember);
  } else if (kinds.isMap(value)) {
    writeList(line, 'Map{', Map.prototype.entries.call(value), '}', ([name, member]) => {
      writeMember(name);
      line.text += ':';
      writeMember(member);
    });
  } else if (isPlainObject(value)) {
    writeList(line, '{', Object.keys(value), '}', (name) => {
      line.text += `${quoted(name, line)}:`;
      writeMember(read(value, name));
    });
  } else {
    return false;
  }
  return true;
}

function writeList<T>(
  line: Line,
  opening: string,
  members: Iterable<T>,
  closing: string,
  writeMember: (member: T) => void,
): void {
  let before = opening;
  for (const member of members) {
    if (line.text.length > line.longest) return;
    line.text += before;
    writeMember(member);
    before = ',';
  }
  line.text += before === ',' ? closing : opening + closing;
}

function quoted(text: string, line: Line): string {
  return escapeUnseen(JSON.stringify(text.slice(0, line.longest + 1)));
}

function dateText(date: Date): string {
  const time = Date.prototype.getTime.call(date);
  return Number.isNaN(time) ? '<invalid Date>' : new Date(time).toISOString();
}

function read(object: object, name: string): unknown {
  try {
    return (object as Record<string, unknown>)[name];
  } catch {
    return unreadable;
  }
}
