export type { Batch, EventSource } from './events/event-source.ts';
export { fileSource, type FileSourceOptions } from './events/file-source.ts';
export { type Loose, objectIn, textIn, timeIn } from './events/loose.ts';
export { type OsloNotification, notificationIn, parseNotification } from './events/notification.ts';
export { rabbitSource, type RabbitSourceOptions } from './events/rabbit-source.ts';
export { type ServerNotification, serverNotification } from './events/server-notification.ts';
export { unversioned } from './events/versioned.ts';
