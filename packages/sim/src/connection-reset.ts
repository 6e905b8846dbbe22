/** The error of a connection that a fault script breaks. */
export class ConnectionReset extends Error {
  readonly code = 'ECONNRESET';
  constructor() {
    super('the simulated cloud reset the connection');
    this.name = 'ConnectionReset';
  }
}
