import { type Duration, milliseconds } from './duration.ts';

/** `45 s`, `3 min 20 s`, `1 h 5 min`, as a person says it. */
export function durationWords(duration: Duration): string {
  const seconds = milliseconds(duration) / 1000;
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 10 ? Number(seconds.toFixed(1)) : whole} s`;
  if (whole < 3600) return pair(Math.floor(whole / 60), 'min', whole % 60, 's');
  return pair(Math.floor(whole / 3600), 'h', Math.round((whole % 3600) / 60), 'min');
}

const pair = (large: number, unit: string, small: number, smaller: string): string =>
  small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`;
