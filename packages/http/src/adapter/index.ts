export { type Gate, gateOf } from '../gate/gate.ts';
export type { Incoming } from '../gate/incoming.ts';
export type { HeaderList, PlainResponse } from '../gate/plain-response.ts';
export { answerNode, type Remaining } from '../node/answer-node.ts';
export { byName } from '../node/head.ts';
export { HeldResponse } from '../node/held-response.ts';
export { incomingMessage, type MessageDetails } from '../node/incoming-message.ts';
export { type FastifyReplyLike, sendByFastify } from '../node/send-by-fastify.ts';
