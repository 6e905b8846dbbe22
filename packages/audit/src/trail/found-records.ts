import type { TrailQuery, TrailRecord } from './query.ts';

/** The part of a trail that an attribution needs: its records by a query, oldest first. */
export interface FoundRecords {
  find(query?: TrailQuery): AsyncIterable<TrailRecord>;
}
