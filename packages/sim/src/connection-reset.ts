/** A connection that breaks, as the fault script wanted it. */
export class ConnectionReset extends Error {
  readonly code = 'ECONNRESET';
  constructor() {
    super('the simulated cloud reset the connection');
    this.name = 'ConnectionReset';
  }
}
