import { visible } from '@groundcrew/ground';
import type { Template } from './template-id.ts';

/** Logger and text of a template, in one line of a terminal. */
export function templateText({ logger, text }: Pick<Template, 'logger' | 'text'>): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return `${visible(logger)}: ${shown.trim() === '' ? '(empty)' : visible(shown)}`;
}

const LONGEST = 200;

/** A share from 0 to 1 in words: `12.3 %`; what is not nothing is at least `under 0.1 %`. */
export const percent = (share: number): string =>
  share > 0 && share < 0.000_5 ? 'under 0.1 %' : `${(share * 100).toFixed(1)} %`;
