// The code of docs/guides/logs.md, as it stands there: log-adapters.test.ts compares and runs it.
import type { Cloud, FailureEvent, ResponseEvent, RetryEvent } from '@groundcrew/core';

/** The part of pino's logger that is used. */
interface PinoLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export function logWithPino(logger: PinoLogger, { events }: Pick<Cloud, 'events'>): void {
  events.on('response', (event: ResponseEvent) => {
    const { service, operation, status, durationMs } = event;
    const level = status >= 500 ? 'warn' : 'debug';
    logger[level](event, `${service} ${operation}: ${status} after ${Math.round(durationMs)} ms`);
  });
  events.on('failure', (event: FailureEvent) =>
    logger.warn(event, `${event.service} ${event.operation}: no answer (${event.reason})`),
  );
  events.on('retry', (event: RetryEvent) =>
    logger.info(event, `${event.service} ${event.operation}: again in ${Math.round(event.delayMs)} ms`),
  );
  events.on('token', ({ reason, generation }) => logger.debug({ reason, generation }, `token: ${reason}`));
}

/** The part of a logger of @opentelemetry/api-logs that is used; severities are those of its data model. */
interface OpenTelemetryLogger {
  emit(record: {
    severityNumber: number;
    severityText: string;
    body: string;
    attributes: Record<string, string | number>;
  }): void;
}

export function logWithOpenTelemetry(logger: OpenTelemetryLogger, { events }: Pick<Cloud, 'events'>): void {
  const emit = (event: ResponseEvent | FailureEvent, outcome: string, isOk: boolean): void =>
    logger.emit({
      severityNumber: isOk ? 5 : 13,
      severityText: isOk ? 'DEBUG' : 'WARN',
      body: `${event.service} ${event.operation}: ${outcome}`,
      attributes: {
        'http.request.method': event.method,
        'groundcrew.service': event.service,
        'groundcrew.operation': event.operation,
        'groundcrew.duration_ms': event.durationMs,
        ...(event.status === undefined ? {} : { 'http.response.status_code': event.status }),
        ...(event.requestId === undefined ? {} : { 'openstack.request_id': event.requestId }),
      },
    });
  events.on('response', (event) => emit(event, String(event.status), event.status < 500));
  events.on('failure', (event) => emit(event, event.reason, false));
}
