export type { Plugin, RuleModule } from './plugin.ts';
// biome-ignore lint/style/noDefaultExport: both linters take a plugin from there
export { plugin as default } from './plugin.ts';
