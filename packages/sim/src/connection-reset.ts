import { GroundcrewError } from '@groundcrew/ground';

/** The error of a connection that a fault script breaks. Its code is that of a socket. */
export class ConnectionReset extends GroundcrewError {
  readonly code = 'ECONNRESET';
  constructor() {
    super('the simulated cloud reset the connection');
  }
}
