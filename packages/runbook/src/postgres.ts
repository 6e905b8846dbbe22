export type { PostgresClient, PostgresPlace, PostgresPool, PostgresRow } from './postgres/database.ts';
export { postgresJournal, type PostgresJournalOptions } from './postgres/journal.ts';
export { lead, type Leadership, type LeadOptions } from './postgres/lead.ts';
export { postgresLease, type PostgresLease, type PostgresLeaseOptions } from './postgres/lease.ts';
export { postgresState, type PostgresStateOptions, type SharedState } from './postgres/state.ts';
