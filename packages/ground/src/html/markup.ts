import { escapeHtml } from '../escape.ts';

/** Markup that is safe to place in a page. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | undefined | readonly (string | Markup)[];

/**
 * A template whose values are escaped unless they are markup themselves. Names of servers and error messages are
 * other people's text: in a report they must not become other people's script.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(
    strings.reduce(
      (made, part, index) => made + part + (index < values.length ? show(values[index]) : ''),
      '',
    ),
  );
}

function show(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(show).join('');
  return escapeHtml(String(value));
}
