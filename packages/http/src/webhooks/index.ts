export type {
  WebhookHandler,
  WebhookOptions,
  WebhookReceiver,
  WebhookSource,
} from '../webhook/options.ts';
export { SignatureError } from '../webhook/signature-error.ts';
export { webhook } from '../webhook/webhook.ts';
