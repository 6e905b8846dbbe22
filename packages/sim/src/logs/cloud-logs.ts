import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { InputError, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import type { KeptLog, ProcessLog } from './process-log.ts';
import { CONTROLLER, LOGGING_SERVICES, type ServiceLogs } from './service-logs.ts';

/** What {@link CloudLogs.writeTo} has written. */
export interface LogsWritten {
  /** The files to which something was added. */
  readonly files: readonly string[];
  /** Messages that were dropped from memory before they were written to this directory. */
  readonly lost: number;
}

/** What the cloud's processes write into their logs. */
export interface CloudLogs {
  /**
   * The log of each process that has said something, in the order in which they first did.
   *
   * @throws InputError if the cloud keeps no logs
   */
  processes(): readonly ProcessLog[];
  /**
   * The lines of a service, of all its hosts by time, or of one.
   *
   * @throws InputError on a service that writes none, and if the cloud keeps no logs
   * @example
   * cloud.logs.lines('nova-compute', 'compute-1');
   */
  lines(service: string, host?: string): string[];
  /**
   * Adds to the files of a directory what was said since they were written the last time: `nova-api.log`, and
   * `nova-compute@compute-1.log` for what is not on the first controller. The directory is made. While the cloud works,
   * each call is what a follower of the files sees next.
   *
   * @throws InputError if the cloud keeps no logs; whatever the file system throws
   * @example
   * await cloud.logs.writeTo('logs');
   * const findings = assess(await observe('logs'));
   */
  writeTo(directory: string): Promise<LogsWritten>;
}

const linesArguments = z.strictObject({
  service: z.enum(LOGGING_SERVICES),
  host: z.string().min(1).optional(),
});
const writeArguments = z.strictObject({ directory: z.string().min(1) });

export function cloudLogsOf(logs: ServiceLogs): CloudLogs {
  const written = new Map<string, Map<KeptLog, number>>();
  let last: Promise<unknown> = Promise.resolve();

  async function write(directory: string): Promise<LogsWritten> {
    const positions = written.get(directory) ?? new Map<KeptLog, number>();
    written.set(directory, positions);
    await mkdir(directory, { recursive: true });
    const files: string[] = [];
    let lost = 0;
    for (const log of logs.all) {
      const from = positions.get(log) ?? 0;
      const { count, dropped } = log;
      if (count === from) continue;
      const lines = log.linesSince(from);
      const file = path.join(directory, fileOf(log));
      await appendFile(file, lines.map((line) => `${line}\n`).join(''));
      positions.set(log, count);
      lost += Math.max(0, dropped - from);
      files.push(file);
    }
    return { files, lost };
  }

  return {
    processes() {
      requireOn(logs, 'processes');
      return logs.all;
    },
    lines(service, host) {
      requireOn(logs, 'lines');
      parseArguments('logs.lines', linesArguments, { service, host });
      const found = logs.all.filter(
        (log) => log.service === service && (host === undefined || log.host === host),
      );
      return found
        .flatMap((log) => log.messages())
        .toSorted((a, b) => a.at - b.at)
        .flatMap(({ lines }) => lines);
    },
    async writeTo(directory) {
      requireOn(logs, 'writeTo');
      parseArguments('logs.writeTo', writeArguments, { directory });
      // One after the other: two that write at once would write the same lines.
      const mine = last.then(() => write(path.resolve(directory)));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

const fileOf = ({ service, host }: ProcessLog): string =>
  host === CONTROLLER ? `${service}.log` : `${service}@${host.replaceAll(/[^\w.-]/g, '_')}.log`;

/** An empty log of a cloud that keeps none would look like one of a cloud where nothing happened. */
function requireOn(logs: ServiceLogs, operation: string): void {
  if (logs.isOn) return;
  throw new InputError(
    `logs.${operation}: this cloud keeps no logs; make it with simulateCloud({ logs: true })`,
    {
      field: 'logs',
      operation: `logs.${operation}`,
    },
  );
}
