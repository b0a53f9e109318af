export { type OnMessageOptions, onMessage } from './on-message.ts';
