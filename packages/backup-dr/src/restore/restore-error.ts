import { GroundcrewError } from '@groundcrew/ground';

/**
 * A step of a restore that cannot be carried out. `restore.other-project`: the client is of another project than the plan.
 * `restore.no-writer`: the plan has volumes to fill, and nobody was given who writes them. `restore.no-images`: the
 * same of images. `restore.ambiguous`: several things carry the mark of one step.
 */
export class RestoreError extends GroundcrewError {
  readonly code: 'restore.other-project' | 'restore.no-writer' | 'restore.no-images' | 'restore.ambiguous';

  constructor(code: RestoreError['code'], message: string, remedy?: string) {
    super(message, { remedy });
    this.code = code;
  }
}
