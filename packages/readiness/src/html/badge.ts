import type { Verdict } from '@groundcrew/ground';
import { html, type Markup } from '@groundcrew/ground/html';

/** A verdict in its colour and in words, for those who do not see the colour. */
export const badge = (verdict: Verdict, more?: string): Markup =>
  html`<span class="badge ${verdict}">${verdict}${more === undefined ? '' : ` · ${more}`}</span>`;
