/** What a client says and hears, recorded without secrets: as JSON lines, as a log, and to be answered again by `@groundcrew/sim`. */
export { conversationLog, type ConversationLogOptions } from './conversation/conversation-log.ts';
export { type Conversation, readConversation } from './conversation/read-conversation.ts';
export {
  type ConversationRecorder,
  recordConversation,
  type RecordConversationOptions,
} from './conversation/record-conversation.ts';
export type {
  BodyLeftOut,
  RecordedAnswer,
  RecordedBody,
  RecordedExchange,
  RecordedFailure,
  RecordedRequest,
} from './conversation/recorded-exchange.ts';
export { type KeyedRequest, requestKey } from './conversation/request-key.ts';
