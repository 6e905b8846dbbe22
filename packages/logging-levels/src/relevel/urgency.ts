import type { Level } from '../level.ts';

const ORDER: readonly Level[] = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

/** How urgent a level is: a greater number is more. */
export const urgency = (level: Level): number => ORDER.indexOf(level);
