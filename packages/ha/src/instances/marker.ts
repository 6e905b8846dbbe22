/**
 * The text in Nova's `disabled_reason` of a host under recovery, so that whoever reads the list of services
 * knows who did it, and a controller that starts again knows its own.
 */
const OURS = 'groundcrew:';

export interface Marker {
  /** The run that fenced it. */
  readonly run: string;
  readonly phase: 'evacuating' | 'evacuated' | 'returning';
}

export const writeMarker = ({ run, phase }: Marker): string => `${OURS} ${phase} (${run})`;

/** `undefined` of a reason that is not ours. */
export function readMarker(reason: string | undefined): Marker | undefined {
  const match = /^groundcrew: (evacuating|evacuated|returning) \(([^)]*)\)$/.exec(reason ?? '');
  const [, phase, run] = match ?? [];
  return phase === undefined || run === undefined ? undefined : { run, phase: phase as Marker['phase'] };
}

/** InstanceHA keeps its state machine in the same place (infra-operator `instanceha.py`). */
export const isInstanceHa = (reason: string | undefined): boolean => /^instanceha/i.test(reason ?? '');
