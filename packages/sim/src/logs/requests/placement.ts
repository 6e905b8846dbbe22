import type { LogContext } from '../log-entry.ts';
import { CONTROLLER, type LogProcessName, type ServiceLogs } from '../service-logs.ts';
import { bodyBytes, CLIENT, contextAt, type RequestTelling } from './told-request.ts';
import { summaryOf, uncaughtOf } from './uncaught.ts';

const PLACEMENT_API: LogProcessName = { service: 'placement-api', host: CONTROLLER };

/** One line of Placement's request log. */
interface PlacementAccess {
  readonly context: LogContext;
  readonly method: string;
  /** With its query. A path stays encoded as the client sent it; the real service writes it decoded. */
  readonly target: string;
  readonly status: number;
  readonly bytes: number;
  readonly microversion: string | undefined;
}

export const tellPlacementAccess = (logs: ServiceLogs, access: PlacementAccess): void =>
  logs.write(PLACEMENT_API, {
    level: 'INFO',
    logger: 'placement.requestlog',
    context: access.context,
    message: `${CLIENT} "${access.method} ${access.target}" status: ${access.status} len: ${access.bytes} microversion: ${access.microversion ?? '-'}`,
  });

/** Placement: a line of each request (`placement/requestlog.py`), and an error that it did not expect (`placement/fault_wrap.py`). */
export const placementTelling: RequestTelling = {
  end: (told, { answer, fault }) => {
    const { logs } = told.state;
    const context = contextAt(told, answer.status);
    if (fault?.status === 500) {
      const uncaught = uncaughtOf(fault, {
        file: 'placement/fault_wrap.py',
        line: 39,
        name: '__call__',
        code: 'return self.application(environ, start_response)',
      });
      logs.write(PLACEMENT_API, {
        level: 'ERROR',
        logger: 'placement.fault_wrap',
        context,
        message: `Placement API unexpected error: ${uncaught.message}: ${summaryOf(uncaught)}`,
        traceback: uncaught.traceback,
      });
    }
    tellPlacementAccess(logs, {
      context,
      method: told.method,
      target: told.path + told.query,
      status: answer.status,
      bytes: bodyBytes(answer, told.method),
      microversion: told.microversion,
    });
  },
};
