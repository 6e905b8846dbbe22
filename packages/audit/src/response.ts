export { type Channel, channel, type Message } from './response/channel.ts';
export { type ResponseController, responseController } from './response/controller.ts';
export type { ResponseControllerEvents } from './response/controller-events.ts';
export type { ResponseControllerOptions, ResponseLook } from './response/controller-options.ts';
export {
  decideResponses,
  type DueResponse,
  type MisfitResponse,
  type PendingResponse,
  type ResponseDecision,
  type ResponseTarget,
} from './response/decide.ts';
export {
  responseImplementations,
  type ResponseImplementationsOptions,
  revisionsIn,
} from './response/implementations.ts';
export {
  fileNotices,
  memoryNotices,
  type Notice,
  type NoticeBook,
  noticeKey,
  settleNotices,
} from './response/notice-book.ts';
export { planResponses, type ResponseRefusalCode, type ResponseContext } from './response/plan-responses.ts';
export {
  type ResponseMode,
  type ResponsePolicy,
  responsePolicy,
  ResponsePolicyError,
  type ResponseRule,
} from './response/policy.ts';
export {
  after,
  coldMigrate,
  disableProject,
  disableUser,
  editRules,
  imagePrivate,
  liveMigrate,
  lock,
  notify,
  pause,
  portDown,
  quarantine,
  type Response,
  type ResponseKind,
  type ServerState,
  shelve,
  stop,
  suspend,
  tag,
} from './response/response.ts';
export { responseEvents } from './response/response-events.ts';
export type { ApproveResponses } from './response/questions.ts';
export { planUndo } from './response/undo.ts';
export { webhook, WebhookError, type WebhookOptions } from './response/webhook.ts';
export { type ResponseInventory, responseContext } from './response/response-context.ts';
