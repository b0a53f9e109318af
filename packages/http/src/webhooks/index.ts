export type { WebhookHandler, WebhookOptions, WebhookSource } from '../webhook/options.ts';
export { SignatureError } from '../webhook/signature-error.ts';
export { webhook } from '../webhook/webhook.ts';
