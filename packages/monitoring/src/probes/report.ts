import { isGroundcrewError } from '@groundcrew/ground';
import type { ProbeLeftover } from './marked.ts';

/** One step of a probe's run, and how it went. */
export interface ProbeStep {
  readonly step: string;
  readonly durationMs: number;
  readonly ok: boolean;
  /** The reason why it failed. */
  readonly error?: string | undefined;
  /** Ids under which the services' logs have the requests that failed. */
  readonly requestIds: readonly string[];
}

/** A probe's run from its beginning to the end of its clean-up. */
export interface ProbeReport {
  readonly probe: string;
  /** Sent with every request of the run as `X-OpenStack-Request-ID`; logs have it as the global request id. */
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly ok: boolean;
  readonly steps: readonly ProbeStep[];
  /** What the run made and could not remove; `sweepLeftovers` will find it. */
  readonly leftBehind: readonly ProbeLeftover[];
}

/** Ids that services gave to the requests of an error. */
export function requestIdsOf(error: unknown): readonly string[] {
  if (!isGroundcrewError(error) || !('requestIds' in error) || !Array.isArray(error.requestIds)) return [];
  return error.requestIds.filter((id) => typeof id === 'string');
}

/** The sentence of a failing sample: the step, the reason, and what logs are searched for. */
export function failureOf({ requestId, steps, leftBehind }: Omit<ProbeReport, 'ok'>): string | undefined {
  const failed = steps.find(({ ok }) => !ok);
  const told = [
    ...(failed === undefined ? [] : [`${failed.step}: ${failed.error ?? 'failed'}`]),
    ...leftBehind.map(({ kind, id, name, because }) => `left behind: ${kind} ${id ?? name}: ${because}`),
  ];
  if (told.length === 0) return undefined;
  const text = told.join('; ');
  // Errors of calls mostly name their request themselves.
  const ids = [...(failed?.requestIds ?? []), requestId].filter((id) => !text.includes(id));
  return ids.length === 0 ? text : `${text} (${ids.join(', ')})`;
}
