/** Makes this process's clock wrong by so many milliseconds. Answers how to make it wrong by others. */
export function shiftClock(ms: number): (ms: number) => void {
  const Real = Date;
  let offsetMs = ms;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args) =>
      Reflect.construct(target, args.length === 0 ? [Real.now() + offsetMs] : args),
    apply: () => new Real(Real.now() + offsetMs).toString(),
    get: (target, name) =>
      name === 'now' ? () => Real.now() + offsetMs : Reflect.get(target, name, target),
  });
  return (other) => {
    offsetMs = other;
  };
}
