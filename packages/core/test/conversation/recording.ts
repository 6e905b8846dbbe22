import {
  conversationLog,
  recordConversation,
  type RecordConversationOptions,
  type RecordedExchange,
} from '../../src/conversation.ts';

/** A conversation that a test looks at: what was recorded, and all that it shows. */
export function recording(options: Omit<RecordConversationOptions, 'to'> = {}) {
  const exchanges: RecordedExchange[] = [];
  const conversation = recordConversation({ to: (exchange) => void exchanges.push(exchange), ...options });
  const shown = (): string =>
    exchanges.map((exchange) => `${JSON.stringify(exchange)}\n${conversationLog(exchange)}`).join('\n');
  return { conversation, fetch: conversation.fetch, exchanges, shown };
}
