export { type EachMessageOptions, eachMessage } from './each-message.ts';
