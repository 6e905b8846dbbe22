export { masakariObserver, type MasakariObserverOptions } from './masakari/masakari-observer.ts';
export { type HostNotification, notifiedState } from './masakari/notified-state.ts';
export { notifyMasakari } from './masakari/notify-masakari.ts';
