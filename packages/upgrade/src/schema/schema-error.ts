import { GroundcrewError } from '@groundcrew/ground';

/** A schema could not be read, or the models of a service. */
export class SchemaError extends GroundcrewError {
  readonly code = 'schema';
}
