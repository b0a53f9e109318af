export { type OnMessage, onMessage } from './on-message.ts';
