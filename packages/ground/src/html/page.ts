import { createHash } from 'node:crypto';
import { InputError } from '../errors.ts';
import { html, Markup } from './markup.ts';
import { style } from './style.ts';

/** The parts in which the pages of the packages differ. */
export interface PageParts {
  /** Text; of the window, and nothing else. */
  readonly title: string;
  /** The content of the page. */
  readonly main: Markup;
  /** CSS of this page, after that of all pages; written by a package, never taken from data. @default none */
  readonly style?: string | undefined;
}

/**
 * A whole page that needs nothing and allows nothing: no script, no image, no form, nothing from elsewhere. Should other
 * people's text ever become markup in it, the browser still does nothing of what that says (Content-Security-Policy; the
 * one style is named by its digest, as CSP Level 3 has it).
 *
 * @throws InputError for a style that would end its element
 * @example
 * page({ title: 'Readiness of prod', main: html`<h1>Readiness of ${cloud}</h1>` });
 */
export function page({ title, main, style: more = '' }: PageParts): string {
  const css = `${style}${more}`;
  if (/<\/style/i.test(css))
    throw new InputError('page: style: it ends its own element', { field: 'style', operation: 'page' });
  const digest = createHash('sha256').update(css).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
  // Not part of the template: a formatter must not change the text that the digest is of.
  const styled = new Markup(`<style>${css}</style>`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${styled}
      </head>
      <body>
        <main>${main}</main>
      </body>
    </html> `.text;
}
