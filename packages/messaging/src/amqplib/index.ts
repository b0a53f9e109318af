export type { ChannelLike } from './channel-like.ts';
export { onMessage } from './on-message.ts';
