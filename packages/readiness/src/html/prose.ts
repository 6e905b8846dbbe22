import { html, type Markup } from '@groundcrew/ground/html';

/** Text of a finding: a capital at its beginning, and what stands between backticks as code. */
export const prose = (text: string): Markup =>
  html`${sentence(text)
    .split(/`([^`]+)`/)
    .map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;

/** Begins with a capital, unless it begins with a name: `nova-compute` is not `Nova-compute`. */
export const sentence = (text: string): string =>
  /^[a-z]+[\s,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
