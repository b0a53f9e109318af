export { defineConfig, type IdemkitConfig } from './config.ts';
