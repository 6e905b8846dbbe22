export type {
  CommandOptions,
  CommandResult,
  CommandStop,
  DownloadOptions,
  Host,
  OutputLine,
  Revealable,
  HostUploadOptions,
} from './hosts/host.ts';
export {
  CommandFailedError,
  CommandInputError,
  CommandTimeoutError,
  FileNotFoundError,
  HostUnreachableError,
  ProgramNotFoundError,
} from './hosts/host-errors.ts';
export {
  armDeadline,
  cancelDeadlines,
  type DeadlineOptions,
  type HostDeadline,
} from './hosts/host-deadline.ts';
export { localHost, type LocalHostOptions } from './hosts/local-host.ts';
export { posixQuote } from './hosts/posix-quote.ts';
export { sshHost, type SshHostOptions } from './hosts/ssh-host.ts';
export { withDescendants } from './hosts/with-descendants.ts';
