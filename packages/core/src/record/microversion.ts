/**
 * Microversions: how Nova, Cinder and Placement change shape without a new major version.
 *
 * The rules are those of the API SIG's microversion specification: `MAJOR.MINOR`, both decimal integers, minor
 * compared as a number (2.9 is older than 2.10).
 *
 * @see https://specs.openstack.org/openstack/api-wg/guidelines/microversion_specification.html
 */

/** Negative if `a` is older than `b`, positive if newer, 0 if equal. */
export function compareMicroversions(a: string, b: string): number {
  const [majorA, minorA] = parse(a);
  const [majorB, minorB] = parse(b);
  return majorA - majorB || minorA - minorB;
}

/** Whether `text` has the form of a microversion. */
export const isMicroversion = (text: string): boolean => /^\d+\.\d+$/.test(text);

function parse(version: string): [number, number] {
  const match = /^(\d+)\.(\d+)$/.exec(version);
  if (match === null) throw new TypeError(`not a microversion: ${JSON.stringify(version)}`);
  return [Number(match[1]), Number(match[2])];
}

/**
 * `true` if microversion `A` is `B` or newer, decided by the compiler; `boolean` if either is not known to it.
 *
 * Majors are taken as equal: no OpenStack service has microversions of two majors.
 */
export type AtLeast<A extends string, B extends string> = string extends A
  ? boolean
  : string extends B
    ? boolean
    : A extends `${string}.${infer MinorA}`
      ? B extends `${string}.${infer MinorB}`
        ? NumberAtLeast<MinorA, MinorB>
        : boolean
      : boolean;

type NumberAtLeast<A extends string, B extends string> = A extends B
  ? true
  : Length<A> extends Length<B>
    ? DigitsAtLeast<A, B>
    : Longer<Length<A>, Length<B>>;

type Length<S extends string> = S extends `${infer _}${infer Rest}` ? [unknown, ...Length<Rest>] : [];
type Longer<A extends unknown[], B extends unknown[]> = A extends [...B, ...unknown[]] ? true : false;

type DigitsAtLeast<A extends string, B extends string> = A extends `${infer DigitA}${infer RestA}`
  ? B extends `${infer DigitB}${infer RestB}`
    ? DigitA extends DigitB
      ? DigitsAtLeast<RestA, RestB>
      : '0123456789' extends `${string}${DigitB}${string}${DigitA}${string}`
        ? true
        : false
    : true
  : true;
