import type { CollectProgress, CollectStep } from './progress.ts';

/** The part of a terminal's stream that is used; `process.stderr` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Shows how far a report is in one line of a terminal, which `end` removes. It writes nothing to a stream that is not a
 * terminal.
 */
export function showProgress(stream: ProgressStream | undefined): {
  readonly show: (progress: CollectProgress) => void;
  readonly end: () => void;
} {
  if (stream?.isTTY !== true) return { show: () => {}, end: () => {} };
  const replace = (line: string): unknown => stream.write(`\r${CLEAR_LINE}${line}`);
  return {
    // A terminal whose size is not known says 0.
    show: (progress) => void replace(progressLine(progress, stream.columns || undefined)),
    end: () => void replace(''),
  };
}

/** `3 of 13, reading network (ports, floatingIps), compute (servers)`, cut to what fits into one line of the terminal. */
export function progressLine({ done, total, pending }: CollectProgress, columns = 80): string {
  const line = `${done} of ${total}${pending.length === 0 ? '' : `, ${doing(pending)}`}`;
  // A line that fills the last column wraps on some terminals, and is then not removed.
  return line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`;
}

function doing(pending: readonly CollectStep[]): string {
  const services = Map.groupBy(pending, ({ service }) => service);
  return [...services]
    .map(([service, steps]) => {
      const names = steps.map(({ what }) => what).join(', ');
      return service === undefined ? `judging ${names}` : `${service} (${names})`;
    })
    .join(', ')
    .replace(/^(?!judging)/, 'reading ');
}

const CLEAR_LINE = '\u001B[K';
