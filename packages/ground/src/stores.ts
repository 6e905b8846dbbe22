// What the packages' own stores in PostgreSQL and SQLite have in common.

export { isOutOfRange, storeFailure, type StoreFailure } from './stores/store-failure.ts';
export {
  type ListenablePool,
  listenTo,
  type TransactionClient,
  type TransactionPool,
  transaction,
} from './stores/transaction.ts';
