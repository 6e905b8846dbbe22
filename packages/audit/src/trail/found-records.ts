import type { TrailQuery, TrailRecord } from './query.ts';

/** What an attribution needs of a trail: its records by a query, oldest first. */
export interface FoundRecords {
  find(query?: TrailQuery): AsyncIterable<TrailRecord>;
}
