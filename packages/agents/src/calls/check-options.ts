import { invalidOption } from '@twiceproof/core/toolkit';
import type { ToolOptions } from './tool-options.ts';

/** Refuses options that say nothing of a call, whatever the tool's input is. */
export function checkOptions(tool: string, options: ToolOptions<never, never>): void {
  const { key, scope, fingerprint, trust } = options ?? {};
  if (typeof key !== 'function' && !isList(key)) {
    throw invalidOption(
      `tool '${tool}' needs a key; list the fields of its input that tell one piece of work from another, e.g. key: ['orderId'], or give a function`,
    );
  }
  if (scope !== undefined && scope !== 'public' && typeof scope !== 'function') {
    throw invalidOption(
      `tool '${tool}': scope is ${typeof scope === 'string' ? `'${scope}'` : typeof scope}; give a function that says whose call it is, or 'public'`,
    );
  }
  if (fingerprint !== undefined && typeof fingerprint !== 'function' && !isList(fingerprint)) {
    throw invalidOption(
      `tool '${tool}': fingerprint has to be a list of fields of its input, or a function`,
    );
  }
  if (trust !== undefined && !isList(trust)) {
    throw invalidOption(`tool '${tool}': trust has to be a list of fields of its key`);
  }
}

function isList(value: unknown): value is readonly string[] {
  const isName = (each: unknown): boolean => typeof each === 'string' && each.trim() !== '';
  return Array.isArray(value) && value.length > 0 && value.every(isName);
}
