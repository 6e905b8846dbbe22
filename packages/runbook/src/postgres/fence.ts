/**
 * The table `fence` of a statement that writes: a row with the token while the lease named `$1` is held with the token
 * `$2`, else none. Its lock keeps a successor from taking the lease before the statement is committed.
 */
export const fence = (schema: string): string => `fence AS (
  SELECT token FROM ${schema}.leases
  WHERE name = $1 AND token = $2 AND holder IS NOT NULL AND expires_at > clock_timestamp()
  FOR UPDATE
)`;
