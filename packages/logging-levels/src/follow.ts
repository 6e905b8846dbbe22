export { followLogs, type FollowOptions, type LogFollowing } from './follow/follow-logs.ts';
export type { FilePosition, FollowPositions } from './follow/follow-positions.ts';
export {
  type TemplateFound,
  type TemplateWatch,
  type TemplateWatchEvents,
  type TemplateWatchOptions,
  watchTemplates,
} from './follow/watch-templates.ts';
