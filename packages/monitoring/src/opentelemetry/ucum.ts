/** Prometheus' base units, by the names that metrics have there, and what UCUM calls them. */
const CODES: ReadonlyMap<string, string> = new Map([
  ['seconds', 's'],
  ['bytes', 'By'],
  ['ratio', '1'],
  ['celsius', 'Cel'],
  ['meters', 'm'],
  ['grams', 'g'],
  ['joules', 'J'],
  ['volts', 'V'],
  ['amperes', 'A'],
]);

/**
 * A metric's unit in UCUM, which is OpenTelemetry's. What is no base unit stands in braces, as an annotation: what writes
 * Prometheus' names from OpenTelemetry's leaves that out, and the name has the unit already.
 *
 * @see https://prometheus.io/docs/practices/naming/#base-units
 * @see https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */
export const ucum = (unit: string | undefined): string =>
  unit === undefined ? '' : (CODES.get(unit) ?? `{${unit}}`);
