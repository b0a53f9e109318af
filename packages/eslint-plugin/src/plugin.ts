import { awaitSteps } from './rules/await-steps.ts';
import { noEffectOutsideWrap } from './rules/no-effect-outside-wrap.ts';
import { noUnkeepableResult } from './rules/no-unkeepable-result.ts';
import { noUnstableKey } from './rules/no-unstable-key.ts';

/** A rule, as ESLint and oxlint take it. Named here, so that neither has to be installed for the other. */
export interface RuleModule {
  readonly meta: {
    readonly type: 'problem';
    readonly docs: { readonly description: string; readonly url: string };
    readonly messages: Record<string, string>;
    readonly schema: object[];
  };
  create(context: never): Record<string, (node: unknown) => void>;
}

/** What the package exports. */
export interface Plugin {
  readonly meta: { readonly name: string; readonly namespace: string };
  readonly rules: Record<string, RuleModule>;
  readonly configs: {
    /** All rules, as errors. */
    readonly recommended: {
      readonly name: string;
      readonly plugins: Record<string, Pick<Plugin, 'meta' | 'rules'>>;
      readonly rules: Record<string, 'error'>;
    };
  };
}

const namespace = '@twiceproof';

const base = {
  meta: { name: '@twiceproof/eslint-plugin', namespace },
  rules: {
    'await-steps': awaitSteps,
    'no-effect-outside-wrap': noEffectOutsideWrap,
    'no-unkeepable-result': noUnkeepableResult,
    'no-unstable-key': noUnstableKey,
  } as Record<string, RuleModule>,
};

export const plugin: Plugin = {
  ...base,
  configs: {
    recommended: {
      name: '@twiceproof/recommended',
      plugins: { [namespace]: base },
      rules: Object.fromEntries(
        Object.keys(base.rules).map((rule) => [`${namespace}/${rule}`, 'error']),
      ),
    },
  },
};
