export { handleMessage, type QueueSettings } from './handle-message.ts';
