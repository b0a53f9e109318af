/** Makes this process's clock wrong by so many milliseconds. */
export function shiftClock(ms: number): void {
  const Real = Date;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args) =>
      Reflect.construct(target, args.length === 0 ? [Real.now() + ms] : args),
    apply: () => new Real(Real.now() + ms).toString(),
    get: (target, name) =>
      name === 'now' ? () => Real.now() + ms : Reflect.get(target, name, target),
  });
}
