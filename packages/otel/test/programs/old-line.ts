// Loaded before a program: lets it find the older line of SDKs, with the API that belongs to it.
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const replaced: Readonly<Record<string, string>> = {
  '@opentelemetry/api': require.resolve('opentelemetry-api-1.9'),
  '@opentelemetry/sdk-node': require.resolve('opentelemetry-sdk-node-2'),
};

registerHooks({
  resolve(specifier, context, nextResolve) {
    const path = replaced[specifier];
    if (path === undefined) return nextResolve(specifier, context);
    return { url: pathToFileURL(path).href, format: 'commonjs', shortCircuit: true };
  },
});
