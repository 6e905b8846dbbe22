import type { Series } from '../series.ts';

/** The day on which the project of a series ends its support, as far as it is planned; of one in the past, on which it ended. */
export const supportEndOf = ({ next, endOfLife }: Series): string | undefined =>
  next !== undefined && next.status !== 'maintained' && next.status !== 'development' ? next.from : endOfLife;
