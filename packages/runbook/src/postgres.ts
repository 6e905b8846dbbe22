export type { PostgresClient, PostgresPlace, PostgresPool, PostgresRow } from './postgres/database.ts';
export { postgresJournal, type PostgresJournalOptions } from './postgres/journal.ts';
export { postgresLease, type PostgresLease, type PostgresLeaseOptions } from './postgres/lease.ts';
export { postgresState, type PostgresStateOptions } from './postgres/state.ts';
