/** Nova's two formats (`[notifications] notification_format`). */
export type NotificationFormat = 'versioned' | 'unversioned';
