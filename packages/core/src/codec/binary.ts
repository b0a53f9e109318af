import { kinds } from '../node-modules.ts';
import { isObjectPrototype } from '../values/object-kind.ts';

interface BinaryTypes {
  /** How each binary type is made from bytes that it may keep. */
  readonly makers: ReadonlyMap<
    string,
    (bytes: Uint8Array<ArrayBuffer>) => ArrayBuffer | ArrayBufferView
  >;
  /** Names by prototype; Uint8Array is what msgpack carries natively. */
  readonly names: ReadonlyMap<object, string>;
}

const binaryTypes: BinaryTypes = /* @__PURE__ */ (() => {
  const makers = new Map<string, (bytes: Uint8Array<ArrayBuffer>) => ArrayBuffer | ArrayBufferView>(
    [
      ['Buffer', (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)],
      ['ArrayBuffer', (bytes) => bytes.buffer],
      ['DataView', (bytes) => new DataView(bytes.buffer)],
    ],
  );
  const names = new Map<object, string>([
    [Uint8Array.prototype, 'Uint8Array'],
    [Buffer.prototype, 'Buffer'],
    [ArrayBuffer.prototype, 'ArrayBuffer'],
    [DataView.prototype, 'DataView'],
  ]);
  for (const name of [
    'Int8Array',
    'Uint8ClampedArray',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
    'Float16Array',
    'Float32Array',
    'Float64Array',
    'BigInt64Array',
    'BigUint64Array',
  ]) {
    const TypedArray = (
      globalThis as unknown as Record<string, Float64ArrayConstructor | undefined>
    )[name];
    if (TypedArray === undefined) continue;
    names.set(TypedArray.prototype, name);
    makers.set(name, (bytes) => new TypedArray(bytes.buffer));
  }
  return { makers, names };
})();

/** The name under which a binary value is recorded; undefined for anything else. */
export function binaryTypeOf(value: object, prototype: object): string | undefined {
  if (!ArrayBuffer.isView(value) && !kinds.isArrayBuffer(value)) return undefined;
  return binaryTypes.names.get(prototype) ?? foreignName(value, prototype);
}

/** Typed arrays of another realm have their own prototypes, with another one in between. */
function foreignName(value: object, prototype: object): string | undefined {
  const parent: object | null = Object.getPrototypeOf(prototype);
  const root =
    kinds.isTypedArray(value) && parent !== null ? Object.getPrototypeOf(parent) : parent;
  if (root === null || !isObjectPrototype(root)) return undefined;
  const name = Object.prototype.toString.call(value).slice(8, -1);
  return name === 'Uint8Array' || binaryTypes.makers.has(name) ? name : undefined;
}

/** The binary value over `bytes`, which must own their memory; undefined for an unknown type. */
export function binaryFrom(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): ArrayBuffer | ArrayBufferView | undefined {
  return binaryTypes.makers.get(name)?.(bytes);
}
