import type { ESLint, Linter } from 'eslint';
import { defineConfig } from 'eslint/config';
import { expect, test } from 'vitest';
import { plugin } from './plugin.ts';

test('is a plugin, and has a configuration, as the types of ESLint have them', () => {
  const asPlugin: ESLint.Plugin = plugin;
  const config: Linter.Config = plugin.configs.recommended;
  expect(defineConfig([config, { plugins: { ours: asPlugin } }])).toHaveLength(2);
});

test('recommends every rule, by the namespace that oxlint takes from its name', () => {
  const { namespace } = plugin.meta;
  expect(Object.keys(plugin.configs.recommended.rules)).toEqual(
    Object.keys(plugin.rules).map((rule) => `${namespace}/${rule}`),
  );
  expect(plugin.meta.name).toBe(`${namespace}/eslint-plugin`);
});
