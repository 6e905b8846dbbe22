import { visible } from '@groundcrew/ground';
import type { ServiceFault } from '../../fault.ts';

/** An exception that a service did not expect. */
interface Uncaught {
  readonly type: string;
  readonly message: string;
  /** The traceback, down to the exception. */
  readonly traceback: readonly string[];
}

/** Where a traceback passes. */
interface Frame {
  readonly file: string;
  readonly line: number;
  /** The function. */
  readonly name: string;
  readonly code: string;
}

/**
 * The exception behind a 500. Its class is told where Nova names it; of one that a script made nothing is known, so that it is an `Exception`.
 * The one frame of the traceback is where the service's framework calls what failed.
 */
export function uncaughtOf(fault: ServiceFault, frame: Frame): Uncaught {
  const named = /\n<class '([\w.]+)'>$/.exec(fault.message)?.[1];
  const type = named ?? 'Exception';
  const message = named === undefined ? visible(fault.message) : '';
  return {
    type,
    message,
    traceback: [
      'Traceback (most recent call last):',
      `  File "/usr/lib/python3/dist-packages/${frame.file}", line ${frame.line}, in ${frame.name}`,
      `    ${frame.code}`,
      summaryOf({ type, message }),
    ],
  };
}

/** The last line of a traceback, which oslo.log puts behind the message, too. */
export const summaryOf = ({ type, message }: Pick<Uncaught, 'type' | 'message'>): string =>
  message === '' ? type : `${type}: ${message}`;
