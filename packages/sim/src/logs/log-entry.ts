/** The levels that services write here, from the most quiet to the most talkative. */
export type LogLevel = 'ERROR' | 'WARNING' | 'INFO' | 'DEBUG';

/** The request that a message belongs to, as oslo.context tells it. What a request does not have is written as `-`. */
export interface LogContext {
  readonly requestId: string;
  /** The id that whoever sent the request gave it. */
  readonly globalRequestId?: string | undefined;
  readonly user?: string | null | undefined;
  readonly project?: string | null | undefined;
  /** Of a token that is scoped to a domain. */
  readonly domain?: string | undefined;
  /** Whether its token is scoped to the system. */
  readonly isSystem?: boolean | undefined;
  readonly userDomain?: string | undefined;
  readonly projectDomain?: string | undefined;
}

/** What a process says, without the time and the process. */
export interface LogMessage {
  readonly level: LogLevel;
  readonly logger: string;
  /** `undefined`: it is said outside of any request. */
  readonly context?: LogContext | undefined;
  /** Id of the server that it is about, as Nova gives it to its logging apart from the message. */
  readonly instance?: string | undefined;
  readonly message: string;
  /** The traceback, from its first line to the exception. */
  readonly traceback?: readonly string[] | undefined;
}

/** A message with the process that said it, and when. Its text is made when it is read. */
export interface LogEntry extends LogMessage {
  /** By the cloud's clock. */
  readonly at: number;
  readonly pid: number;
}

/**
 * How a context is written. oslo.log 4.8, which came with Zed, put the global request id before the request's own, and the scope of the system
 * among the ids (its release notes, "4.8.0").
 */
export type ContextForm = 'since 4.8' | 'before 4.8';

/** The form that the services of a release write. */
export const contextFormOf = (release: { readonly number: string }): ContextForm =>
  release.number >= '2022.2' ? 'since 4.8' : 'before 4.8';

/**
 * The lines of a message in oslo.log's default formats (`oslo_log/_options.py`). The head stands again before each line of a traceback, with
 * ERROR whatever the level is, and without the context (`logging_exception_prefix`); an empty line ends it.
 */
export function linesOf(entry: LogEntry, form: ContextForm): string[] {
  const { pid, level, logger, message, traceback } = entry;
  const at = new Date(entry.at).toISOString().slice(0, 23).replace('T', ' ');
  const instance = entry.instance === undefined ? '' : `[instance: ${entry.instance}] `;
  const lines =
    `${at} ${pid} ${level} ${logger} [${contextText(entry.context, form)}] ${instance}${message}`.split('\n');
  if (traceback === undefined) return lines;
  const prefix = `${at} ${pid} ERROR ${logger} ${instance}`;
  return [...lines, ...[...traceback, ''].map((line) => prefix + line)];
}

function contextText(context: LogContext | undefined, form: ContextForm): string {
  if (context === undefined) return '-';
  const { requestId, globalRequestId, user, project, domain, isSystem, userDomain, projectDomain } = context;
  const scope = isSystem === true ? 'all' : undefined;
  const identity =
    form === 'since 4.8'
      ? [user, project, domain, scope, userDomain, projectDomain]
      : [user, project, domain, userDomain, projectDomain];
  const ids = form === 'since 4.8' ? [globalRequestId ?? 'None', requestId] : [requestId];
  return [...ids, ...identity.map((part) => part ?? '-')].join(' ');
}
