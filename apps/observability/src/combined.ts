import type { Instrumentation } from '@twiceproof/core';

/** Both instrumentations, the first one outside: for programs that also watch their calls themselves. */
export function combined(first: Instrumentation, second: Instrumentation): Instrumentation {
  return {
    execute: (call, next) => first.execute(call, () => second.execute(call, next)),
    run(call, next) {
      const inside = () => (second.run ? second.run(call, next) : next());
      return first.run ? first.run(call, inside) : inside();
    },
    wait(call, next) {
      const inside = () => (second.wait ? second.wait(call, next) : next());
      return first.wait ? first.wait(call, inside) : inside();
    },
    storeOperation(info, next) {
      const inside = () => (second.storeOperation ? second.storeOperation(info, next) : next());
      return first.storeOperation ? first.storeOperation(info, inside) : inside();
    },
    traceparent: () => first.traceparent?.() ?? second.traceparent?.(),
    leaseLost(call) {
      first.leaseLost?.(call);
      second.leaseLost?.(call);
    },
    resultEncoded(call, bytes) {
      first.resultEncoded?.(call, bytes);
      second.resultEncoded?.(call, bytes);
    },
    tierLookup(storeName, hit) {
      first.tierLookup?.(storeName, hit);
      second.tierLookup?.(storeName, hit);
    },
    operatorAction(info) {
      first.operatorAction?.(info);
      second.operatorAction?.(info);
    },
  };
}
