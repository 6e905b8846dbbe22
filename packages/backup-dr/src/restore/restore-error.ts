import { GroundcrewError } from '@groundcrew/ground';

/**
 * A step of a restore that cannot be carried out. `restore.other-project`: the client is of another project than the plan.
 * `restore.no-writer`: the plan has volumes to fill, and nobody was given who writes them. `restore.no-bytes`: it
 * has images or containers, and nobody was given who reads kept bytes. `restore.ambiguous`: several things carry the mark of one step.
 * `restore.name-taken`: somebody has made a container of the name meanwhile.
 */
export class RestoreError extends GroundcrewError {
  readonly code:
    | 'restore.other-project'
    | 'restore.no-writer'
    | 'restore.no-bytes'
    | 'restore.ambiguous'
    | 'restore.name-taken';

  constructor(code: RestoreError['code'], message: string, remedy?: string) {
    super(message, { remedy });
    this.code = code;
  }
}

/** A step needs kept bytes, and nobody was given who reads them. */
export const noBytes = (): RestoreError =>
  new RestoreError(
    'restore.no-bytes',
    'nobody was given who reads kept bytes',
    'Give read: (bytes) => repo.read(point, bytes.stream).',
  );
