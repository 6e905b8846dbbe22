// What a request did in each service, from the logs of all of them: how long, where it failed first, and what the services said in
// a while.

export {
  type ClockSkew,
  type FirstFailure,
  type RequestSpan,
  type ServiceSpan,
  type SourceRead,
  type Timeline,
} from './timeline/timeline.ts';
export { timelineOf, type TimelineOptions } from './timeline/timeline-of.ts';
export { timelinePage } from './timeline/timeline-page.ts';
export { timelineText } from './timeline/timeline-text.ts';
export { type HttpAnswer } from './http-answer.ts';
export { type ServiceLog } from './timeline/service-log.ts';
export { type RequestActor, type RequestTrail } from './timeline/request-actor.ts';
export { type JoinedBy } from './timeline/request-links.ts';
export { type SpanFailure, type SpanOutcome } from './timeline/span-failure.ts';
export {
  type Said,
  type SaidBetween,
  saidBetween,
  type SaidBetweenOptions,
  type SourceSaid,
} from './timeline/said-between.ts';
