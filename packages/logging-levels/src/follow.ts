export {
  errorNotifications,
  type ErrorNotifications,
  type ErrorNotificationsOptions,
} from './follow/error-notifications.ts';
export type { ErrorRecord } from './follow/error-record.ts';
export { followLogs, type FollowOptions, type LogFollowing } from './follow/follow-logs.ts';
export type { FilePosition, FollowPositions, JournalPosition } from './follow/follow-positions.ts';
export {
  type TemplateFound,
  type TemplateWatch,
  type TemplateWatchEvents,
  type TemplateWatchOptions,
  watchTemplates,
} from './follow/watch-templates.ts';
