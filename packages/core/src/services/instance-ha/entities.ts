// What the service answers: schema and type under one name, for whoever passes it on, stores it or checks a copy of it.
export { SegmentHost } from './hosts.ts';
export { Notification, NotificationDetails } from './notification.ts';
export { Segment } from './segment.ts';
export { VMove } from './vmoves.ts';
