/** One request that the cloud saw. */
export interface RequestRecord {
  /** The moment by the cloud's clock. */
  readonly at: number;
  /** `compute`, `identity`, …; `none` if the path belongs to no service. */
  readonly service: string;
  /** `servers.list`; of a route that is in no record, its method and path. */
  readonly operation: string;
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  readonly microversion: string | undefined;
  /** 0 if the connection was reset. */
  readonly status: number;
  readonly requestId: string;
  /** Id of the user, if the token was valid. */
  readonly user: string | undefined;
}
