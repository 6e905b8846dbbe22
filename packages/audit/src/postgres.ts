export { postgresNotices, type PostgresNoticesOptions } from './response/postgres-notices.ts';
export { postgresStore, type PostgresStoreOptions } from './trail/store/postgres.ts';
