// Loaded before a program: lets it find the older line of SDKs, with the API that belongs to it.
import { registerHooks } from 'node:module';

const aliases: Readonly<Record<string, string>> = {
  '@opentelemetry/api': 'opentelemetry-api-1.9',
  '@opentelemetry/sdk-node': 'opentelemetry-sdk-node-2',
};

registerHooks({
  resolve(specifier, context, nextResolve) {
    const alias = aliases[specifier];
    if (alias === undefined) return nextResolve(specifier, context);
    return nextResolve(alias, { ...context, parentURL: import.meta.url });
  },
});
