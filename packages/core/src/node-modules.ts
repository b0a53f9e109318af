/*
 * What core needs of Node from its first line on. An import by name would make a namespace of each module first, which
 * takes a twentieth of what loading core does.
 */

export const asyncHooks: typeof import('node:async_hooks') =
  /* @__PURE__ */ process.getBuiltinModule('node:async_hooks');

export const kinds: typeof import('node:util/types') = /* @__PURE__ */ process.getBuiltinModule(
  'node:util/types',
);
