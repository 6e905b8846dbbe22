type Span = readonly [start: number, end: number];

/**
 * The places of private keys, between their first and last line: PEM (RFC 7468), OpenSSH's and PGP's; also one that was cut
 * off, and one whose line feeds are escaped.
 */
export function privateKeysIn(text: string): Span[] {
  const found: Span[] = [];
  BEGIN.lastIndex = 0;
  while (BEGIN.test(text)) {
    const start = BEGIN.lastIndex;
    // Within a bound, so that many beginnings without an end do not look through all of the text each.
    const length = text.slice(start, start + LONGEST).indexOf('-----END');
    const end = length === -1 ? Math.min(text.length, start + LONGEST_CUT) : start + length;
    if (end > start) found.push([start, end]);
    BEGIN.lastIndex = end;
  }
  return found;
}

const BEGIN = /-----BEGIN [A-Z\d ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const LONGEST = 65_536;
/** RSA of 16,384 bits has 12,700 characters. */
const LONGEST_CUT = 16_384;
