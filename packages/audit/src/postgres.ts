export { postgresStore, type PostgresStoreOptions } from './trail/store/postgres.ts';
