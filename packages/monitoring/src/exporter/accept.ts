import type { ExpositionFormat } from './exposition.ts';

/**
 * The format to answer in, by the header `Accept`: OpenMetrics for who names it and does not like the text format better,
 * the text format for all others, also for who names neither, as old scrapers do. `undefined` if both are refused by `q=0`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-accept
 */
export function acceptedFormat(accept: string | null | undefined): ExpositionFormat | undefined {
  if (accept === null || accept === undefined || accept.trim() === '') return 'prometheus';
  const ranges = accept.slice(0, 4_096).split(',').flatMap(rangeOf);
  const named = qualityOf(ranges, ['application/openmetrics-text'], '1.0.0') ?? 0;
  const text = qualityOf(ranges, ['text/plain', 'text/*', '*/*'], '0.0.4');
  if (named > 0 && named >= (text ?? 0)) return 'openmetrics';
  if (text !== 0) return 'prometheus';
  const any = qualityOf(ranges, ['application/openmetrics-text', 'application/*', '*/*'], '1.0.0');
  return any !== undefined && any > 0 ? 'openmetrics' : undefined;
}

interface Range {
  readonly type: string;
  readonly version: string | undefined;
  readonly q: number;
}

function rangeOf(text: string): Range[] {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  if (!type.includes('/')) return [];
  const valueOf = (name: string): string | undefined =>
    parameters
      .find((parameter) => parameter.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replaceAll('"', '');
  const q = Number(valueOf('q') ?? 1);
  // What is no quality is taken for the default, rather than for a refusal.
  return [{ type, version: valueOf('version'), q: q >= 0 && q <= 1 ? q : 1 }];
}

/** The quality of the most exact range that has the version or none; `undefined` if there is no such range. */
function qualityOf(ranges: readonly Range[], types: readonly string[], version: string): number | undefined {
  for (const type of types) {
    const matching = ranges.filter(
      (range) => range.type === type && (range.version === undefined || range.version === version),
    );
    const exact = matching.find((range) => range.version === version) ?? matching[0];
    if (exact !== undefined) return exact.q;
  }
  return undefined;
}
